import assert from 'node:assert/strict';
import { encodeFrames } from '../../src/framing/encoder.ts';
import type { Frame } from '../../src/framing/frame.ts';
import type { ClientAction } from '../../src/session/client-contract.ts';

/** Watches what a client's session does, for what it must never do. */
export class ClientWatch {
  #open = false;
  #stopped = false;
  #v: 1 | 2 | undefined;
  #rev = 0;
  /** `seq` of each reading that was sent on this connection and not answered; 0 for a round. */
  #unanswered: number[] = [];
  /** `!DISC` went out on this connection. */
  #leaving = false;

  get stopped(): boolean {
    return this.#stopped;
  }

  take(actions: readonly ClientAction[]): void {
    for (const action of actions) {
      assert(!this.#stopped, 'nothing is done after the stop');
      switch (action.type) {
        case 'connect':
          assert(!this.#open, 'one connection at a time');
          this.#open = true;
          break;
        case 'send':
          this.#sent(action.frame);
          break;
        case 'registered':
          this.#v = action.grant.v;
          this.#rev = action.grant.rev;
          break;
        case 'released':
          this.#released(action.readings.map(({ seq }) => seq));
          break;
        case 'interval':
          if (this.#v === 2) assert(action.rev > this.#rev, 'no older interval is applied');
          this.#rev = action.rev;
          break;
        case 'close':
          this.#open = false;
          this.#v = undefined;
          this.#unanswered = [];
          this.#leaving = false;
          break;
        case 'lost':
          assert(!this.#open);
          assert(action.retryMs >= 0 && action.retryMs <= 60_000, 'a wait has its bounds');
          break;
        case 'stopped':
          assert(!this.#open, 'a client that has stopped has closed');
          this.#stopped = true;
          break;
        default:
      }
    }
  }

  #sent({ command, data, bare }: Frame): void {
    assert(this.#open, 'what is sent goes over a connection');
    assert(encodeFrames([{ command, data, bare }]).length <= 256);
    assert(!bare, 'a client sends headers');
    assert(!this.#leaving || command === '!DISC', 'nothing follows !DISC');
    if (this.#v === 1 && !this.#leaving) assert(this.#unanswered.length === 0, 'a v1 server has one request at a time');
    if (command === '!DISC') this.#leaving = true;
    if (command !== '!INFO') return;
    this.#unanswered.push(this.#v === 1 ? 0 : Number(/"seq":(\d+)/.exec(data)?.[1]));
    assert(this.#unanswered.length <= 256, 'at most 256 are unanswered');
  }

  #released(seqs: readonly number[]): void {
    const oldest = this.#unanswered.shift();
    assert(oldest !== undefined, 'only what was sent is released');
    if (this.#v === 2) assert.deepEqual(seqs, [oldest]);
  }
}
