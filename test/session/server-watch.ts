import assert from 'node:assert/strict';
import { encodeFrames } from '../../src/framing/encoder.ts';
import type { ServerAction } from '../../src/session/server-contract.ts';

/** Watches what a server's session does, for what it must never do. */
export class ServerWatch {
  /** Frames that it was given. */
  requests = 0;
  #answers = 0;
  #registrations = 0;
  #challenged = false;
  #state = '';
  #ended = false;
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  take(actions: readonly ServerAction[]): void {
    for (const action of actions) {
      assert(!this.#closed, 'nothing is done after a close');
      switch (action.type) {
        case 'send':
          assert(!this.#ended, 'nothing is sent after the end');
          assert(encodeFrames([action.frame]).length <= 256);
          if (action.frame.command !== '!UPDT') this.#answers += 1;
          if (action.frame.command === '!AUTH') this.#challenged = true;
          if (action.frame.command === '!SUCC')
            assert(!this.#challenged, 'nobody is registered without the proof that was asked for');
          // One more is the failure that answers no frame.
          assert(this.#answers <= this.requests + 1, 'a frame has one answer');
          break;
        case 'datagram':
          assert(encodeFrames([action.frame]).length <= 256);
          assert(!this.#ended);
          break;
        case 'register':
          this.#registrations += 1;
          assert(this.#registrations === 1, 'a connection registers once');
          break;
        case 'prove':
          assert(this.#challenged, 'a proof is judged once, and where it was asked for');
          this.#challenged = false;
          break;
        case 'state':
          assert(this.#state !== 'lost' && this.#state !== 'disconnected', 'the last state is the last');
          assert(this.#state !== '' || action.state === 'online', 'the first state is online');
          assert(action.state !== this.#state, 'a state is news');
          this.#state = action.state;
          break;
        case 'end':
          assert(!this.#ended, 'a connection ends once');
          this.#ended = true;
          break;
        case 'close':
          this.#closed = true;
          break;
        default:
          assert(!this.#ended, 'nothing is done for one that has left');
      }
    }
  }
}
