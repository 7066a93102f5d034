import { limits } from '../core/limits.ts';
import { append } from '../core/short-list.ts';
import { unreachable } from '../core/assert.ts';
import { acknowledgement, framed, type Frame } from '../framing/frame.ts';
import { Answers, refuse } from './answers.ts';
import { Entrance, type Step } from './entrance.ts';
import type { FailureCode } from './failure.ts';
import { LiveUnit } from './live-unit.ts';
import type { Machine } from './machine.ts';
import { frameOverdue, Patience } from './patience.ts';
import { grantData } from './registration.ts';
import type { Registered, ServerAction, ServerInput, ServerSessionOptions } from './server-contract.ts';
import { deadlineOf, readsFrames, tooLong, versionOf, type Left, type State } from './server-state.ts';

/** Nothing to do; never changed. */
const none: ServerAction[] = [];
/** Most of what a server does. */
const acknowledged = { type: 'send', frame: acknowledgement('!INFO', false) } as const;

/** The server's side of one connection (protocol 1 to 8). */
export class ServerSession implements Machine<ServerInput, ServerAction> {
  readonly #tcpPort: number;
  readonly #tag: ServerSessionOptions['tag'];
  readonly #answers = new Answers();
  readonly #entrance = new Entrance(this.#answers);
  #state: State;
  /** Most connections never try it. */
  #patience: Patience | undefined;
  #actions: ServerAction[] = none;

  constructor({ tcpPort, tag, nowMs, registrationMsMax = limits.registrationMsMax }: ServerSessionOptions) {
    this.#tcpPort = tcpPort;
    this.#tag = tag;
    this.#state = { name: 'new', untilMs: nowMs + registrationMsMax };
  }

  get deadlineMs(): number | undefined {
    return deadlineOf(this.#state, this.#patience?.deadlineMs);
  }

  /** Whether to read on: not while the peer has as many unanswered as it may, or takes no answers. What is discarded is always read. */
  get wantsFrames(): boolean {
    if (this.#state.name === 'discarding') return true;
    return this.#patience?.isBlocked !== true && this.#answers.size < limits.unansweredMax;
  }

  /** Frames that wait for an answer. */
  get unanswered(): number {
    return this.#answers.size;
  }

  /** How often the wanted interval has been sent on this connection. */
  get intervalTries(): number {
    return this.#state.name === 'live' ? this.#state.unit.intervalTries : 0;
  }

  handle(input: ServerInput, nowMs: number): readonly ServerAction[] {
    this.#dispatch(input, nowMs);
    this.#sendDue(nowMs);
    const actions = this.#actions;
    this.#actions = none;
    return actions;
  }

  #act(action: ServerAction): void {
    this.#actions = append(this.#actions, action);
  }

  #dispatch(input: ServerInput, nowMs: number): void {
    const state = this.#state;
    switch (input.type) {
      case 'frame':
        this.#patience?.frameComplete();
        this.#frame(input.frame, nowMs);
        return;
      case 'frame-begun':
      case 'blocked':
      case 'drained':
        this.#heed(input.type, nowMs);
        return;
      case 'paused':
      case 'resumed':
        this.#heed(input.type, nowMs);
        if (state.name === 'live') state.unit[input.type](nowMs);
        return;
      case 'bad-frame':
        this.#refuseAndLeave('bad-frame', input.message, nowMs);
        return;
      case 'ended':
        this.#leave({ reason: 'the client ended the connection', state: 'lost' }, nowMs);
        return;
      case 'closed':
        this.#close({ reason: input.reason, state: 'lost' });
        return;
      case 'registered':
        this.#registered(input.registered, nowMs);
        return;
      case 'challenge':
        this.#enter(this.#entrance.challenge(state, input.nonce, nowMs), nowMs);
        return;
      case 'refused':
        if (state.name !== 'registering') return;
        this.#answers.giveUp();
        this.#state = { name: 'new', untilMs: nowMs };
        this.#refuseAndLeave(input.code, input.words, nowMs);
        return;
      case 'stored':
        if (state.name !== 'live' && state.name !== 'leaving') return;
        this.#answers.settle(acknowledgement('!INFO', versionOf(this.#state) === 1));
        return;
      case 'store-failed':
        if (state.name !== 'live' && state.name !== 'leaving') return;
        this.#answers.giveUp();
        this.#refuse('store-unavailable', input.words);
        this.#leave({ reason: `store-unavailable: ${input.words}`, state: 'lost' }, nowMs);
        return;
      case 'interval':
        if (state.name === 'live') for (const action of state.unit.want(input.revision, nowMs)) this.#act(action);
        return;
      case 'expelled':
        this.#expelled(input.words, nowMs);
        return;
      case 'taken-over':
        // The unit lives on, on the other connection: there is no state of it to tell.
        this.#close({ reason: 'taken over by another connection', state: undefined });
        return;
      case 'shut-down':
        this.#shutDown(nowMs);
        return;
      case 'wake':
        this.#wake(nowMs);
        return;
      default:
        unreachable(input);
    }
  }

  #heed(event: Parameters<Patience['heed']>[0], nowMs: number): void {
    this.#patience ??= new Patience();
    this.#patience.heed(event, nowMs);
  }

  #frame(frame: Frame, nowMs: number): void {
    const state = this.#state;
    if (!readsFrames(this.#state)) return;
    if (state.name === 'live') for (const action of state.unit.heard(nowMs)) this.#act(action);
    if (frame.command === '!DISC') {
      this.#leave({ reason: 'the client said !DISC', state: 'disconnected' }, nowMs);
      // One that was asked for its key has not registered (protocol 1).
      this.#answers.add(acknowledgement('!DISC', state.name === 'challenged' || versionOf(this.#state) === 1));
    } else if (frame.command === '!RGTR') {
      this.#enter(this.#entrance.register(state, frame.data, nowMs), nowMs);
    } else if (state.name === 'live') {
      for (const action of state.unit.frame(frame)) this.#act(action);
    } else if (frame.command === '!AUTH') {
      this.#enter(this.#entrance.prove(state, frame.data, nowMs), nowMs);
    } else {
      this.#refuse('not-registered', `${frame.command} before !SUCC; send !RGTR first`);
    }
  }

  #enter({ state, action, left }: Step, nowMs: number): void {
    this.#state = state;
    if (action !== undefined) this.#act(action);
    if (left !== undefined) this.#leave(left, nowMs);
  }

  #registered(registered: Registered, nowMs: number): void {
    if (this.#state.name !== 'registering') return;
    const { registration, left } = this.#state;
    const unit = new LiveUnit({ registration, registered, answers: this.#answers, tag: this.#tag, nowMs });
    if (this.#patience?.isPaused === true) unit.paused(nowMs);
    this.#state = { name: 'live', unit };
    const { clientId, granted, seq, token } = registered;
    const [{ v }, { rev, seconds }, tcpPort] = [registration, granted, this.#tcpPort];
    this.#answers.settle(framed('!SUCC', grantData({ clientId, tcpPort, seconds, v, seq, rev, token })));
    this.#act({ type: 'state', state: 'online', reason: 'registered' });
    if (left !== undefined) this.#leave(left, nowMs);
  }

  #expelled(words: string, nowMs: number): void {
    if (this.#state.name === 'registering') this.#dispatch({ type: 'refused', code: 'not-allowed', words }, nowMs);
    else this.#refuseAndLeave('not-allowed', words, nowMs);
  }

  #shutDown(nowMs: number): void {
    if (!readsFrames(this.#state)) return;
    const reason = 'the server shuts down';
    // A v1 client reads whatever comes as the answer to its next request (protocol 7).
    if (versionOf(this.#state) === 2) this.#refuse('shutting-down', `${reason}; come back later`);
    this.#leave({ reason, state: 'lost' }, nowMs);
  }

  #wake(nowMs: number): void {
    const state = this.#state;
    if (state.name === 'live') {
      const { actions, lost } = state.unit.wake(nowMs);
      for (const action of actions) this.#act(action);
      if (lost) this.#close({ reason: 'no frame for 3 intervals', state: 'lost' });
    } else if (state.name !== 'closed' && nowMs >= state.untilMs) {
      this.#close({ reason: tooLong[state.name], state: 'lost' });
    }
    const overdue = this.#patience?.judge(nowMs);
    if (overdue === 'frame-overdue') this.#refuseAndLeave('bad-frame', frameOverdue, nowMs);
    else if (overdue !== undefined) this.#close({ reason: 'the client does not read its answers', state: 'lost' });
  }

  #refuse(code: FailureCode, words: string): void {
    this.#act(refuse(this.#answers, code, words));
  }

  #refuseAndLeave(code: FailureCode, words: string, nowMs: number): void {
    if (!readsFrames(this.#state)) return;
    this.#refuse(code, words);
    this.#leave({ reason: `${code}: ${words}`, state: 'lost' }, nowMs);
  }

  #leave(left: Left, nowMs: number): void {
    const state = this.#state;
    if (!readsFrames(this.#state)) return;
    if (state.name === 'registering') {
      this.#state = { ...state, left };
      return;
    }
    if (state.name === 'live' && left.state !== undefined) {
      this.#act({ type: 'state', state: left.state, reason: left.reason });
    }
    this.#state = { name: 'leaving', v: versionOf(state), left, untilMs: nowMs + limits.acknowledgementMsMax };
  }

  /** Sends the answers that are due; a connection that leaves ends once all are. */
  #sendDue(nowMs: number): void {
    if (this.#state.name === 'closed') return;
    for (let frame = this.#answers.next(); frame !== undefined; frame = this.#answers.next()) {
      this.#act(frame === acknowledged.frame ? acknowledged : { type: 'send', frame });
    }
    if (this.#state.name !== 'leaving' || this.#answers.size > 0) return;
    const { reason } = this.#state.left;
    this.#state = { name: 'discarding', reason, untilMs: nowMs + limits.discardMsMax };
    this.#act({ type: 'end' });
  }

  #close({ reason, state }: Left): void {
    if (this.#state.name === 'closed') return;
    if (this.#state.name === 'live' && state !== undefined) this.#act({ type: 'state', state, reason });
    const said = this.#state.name === 'discarding' ? this.#state.reason : reason;
    this.#state = { name: 'closed' };
    this.#act({ type: 'close', reason: said });
  }
}
