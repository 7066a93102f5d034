import { unreachable } from '../core/assert.ts';
import { backoffMs } from '../core/backoff.ts';
import { limits } from '../core/limits.ts';
import { framed, received, type Frame } from '../framing/frame.ts';
import type { ClientAction, ClientInput, ClientSessionOptions, Connected } from './client-contract.ts';
import { deadlineOf, tooLong, type Registering, type State } from './client-state.ts';
import { parseFailure } from './failure.ts';
import { IntervalReceiver } from './interval-receiver.ts';
import { introduction, proofFor } from './introduction.ts';
import { LiveServer } from './live-server.ts';
import type { Machine } from './machine.ts';
import { frameOverdue, Patience } from './patience.ts';
import { isClientId, parseGrant } from './registration.ts';

const backoff = { firstMs: limits.reconnectFirstMs, maxMs: limits.reconnectMsMax };

/** The client's side of its connections to one server, one after another, for ever (protocol 1 to 8). */
export class ClientSession implements Machine<ClientInput, ClientAction> {
  readonly #options: ClientSessionOptions;
  readonly #intervals: IntervalReceiver;
  #state: State = { name: 'idle' };
  #id: string | undefined;
  #patience = new Patience();
  /** Attempts since the server last acknowledged a reading. */
  #attempts = 0;
  #actions: ClientAction[] = [];

  constructor(options: ClientSessionOptions) {
    this.#options = options;
    this.#id = options.id !== undefined && isClientId(options.id) ? options.id : undefined;
    this.#intervals = new IntervalReceiver(options.tag);
  }

  get deadlineMs(): number | undefined {
    return deadlineOf(this.#state, this.#patience.deadlineMs);
  }

  /** How many readings may be offered now. */
  get room(): number {
    return this.#state.name === 'live' && !this.#patience.isBlocked ? this.#state.server.room : 0;
  }

  /** The version that is spoken with the server now; undefined without a registration. */
  get v(): 1 | 2 | undefined {
    return this.#state.name === 'live' ? this.#state.server.v : undefined;
  }

  handle(input: ClientInput, nowMs: number): readonly ClientAction[] {
    this.#actions = [];
    this.#dispatch(input, nowMs);
    return this.#actions;
  }

  #dispatch(input: ClientInput, nowMs: number): void {
    const state = this.#state;
    switch (input.type) {
      case 'start':
        if (state.name === 'idle') this.#connect(nowMs);
        return;
      case 'stop':
        this.#stop(nowMs);
        return;
      case 'connected':
        if (state.name === 'connecting') this.#register(input.connected, nowMs);
        return;
      case 'frame':
        this.#patience.frameComplete();
        this.#frame(input.frame, nowMs);
        return;
      case 'frame-begun':
      case 'blocked':
      case 'drained':
      case 'paused':
      case 'resumed':
        this.#patience.heed(input.type, nowMs);
        return;
      case 'bad-frame':
        this.#lose(`bad-frame: ${input.message}`, nowMs);
        return;
      case 'ended':
        this.#lose('the server ended the connection', nowMs);
        return;
      case 'closed':
        this.#lose(input.reason, nowMs);
        return;
      case 'datagram':
        if (state.name === 'live') this.#push(state.server.datagram(input.frame, input.from, nowMs));
        return;
      case 'offer':
        if (state.name === 'live') this.#push(state.server.offer(input.readings, nowMs));
        return;
      case 'round':
        if (state.name === 'live') this.#push(state.server.round(input.readings, nowMs));
        return;
      case 'wake':
        this.#wake(nowMs);
        return;
      default:
        unreachable(input);
    }
  }

  #connect(nowMs: number): void {
    this.#patience = new Patience();
    this.#state = { name: 'connecting', untilMs: nowMs + limits.connectMsMax };
    this.#actions.push({ type: 'connect' });
  }

  #register(connected: Connected, nowMs: number): void {
    const data = introduction({ ...this.#options, id: this.#id }, connected);
    const untilMs = nowMs + limits.successMsMax;
    this.#state = { name: 'registering', connected, data, proven: false, untilMs, leaveByMs: undefined };
    this.#actions.push({ type: 'send', frame: framed('!RGTR', data) });
  }

  #frame(frame: Frame, nowMs: number): void {
    const state = this.#state;
    if (frame.command === '!FAIL') this.#failed(frame.data, nowMs);
    else if (state.name === 'registering') this.#registrationAnswer(frame, state, nowMs);
    else if (state.name === 'live') this.#answered(state.server.frame(frame, nowMs), nowMs);
    else if (state.name === 'leaving') {
      if (frame.command === '!DISC' && frame.data === received) this.#stopped(true);
      else this.#answered(state.server.frame(frame, nowMs), nowMs);
    }
  }

  #registrationAnswer(frame: Frame, state: Registering, nowMs: number): void {
    const { connected, leaveByMs } = state;
    if (frame.command === '!AUTH') {
      this.#prove(frame.data, state, nowMs);
      return;
    }
    if (frame.command !== '!SUCC') return;
    const grant = parseGrant(frame.data);
    if (typeof grant === 'string') {
      this.#lose(grant, nowMs);
      return;
    }
    // What a v1 server calls this client is no id that a v2 server knows.
    if (grant.v === 2) this.#id = grant.clientId;
    this.#intervals.registered(grant);
    const server = new LiveServer({ connected, v: grant.v, intervals: this.#intervals });
    this.#state = { name: 'live', server };
    this.#actions.push({ type: 'registered', grant });
    if (leaveByMs !== undefined) this.#leave(server, leaveByMs, nowMs);
  }

  #prove(nonce: string, state: Registering, nowMs: number): void {
    const answer = proofFor(nonce, state, this.#options.prove);
    if (typeof answer === 'string') {
      this.#lose(answer, nowMs);
      return;
    }
    this.#state = { ...state, proven: true, untilMs: nowMs + limits.successMsMax };
    this.#actions.push({ type: 'send', frame: answer });
  }

  /** Takes what the live server's frame led to; a server that answers what was not asked cannot be followed. */
  #answered(actions: readonly ClientAction[] | 'confused', nowMs: number): void {
    if (actions === 'confused') {
      this.#lose('the server answered what was not asked', nowMs);
      return;
    }
    if (actions.some(({ type }) => type === 'released')) this.#attempts = 0;
    this.#push(actions);
  }

  #failed(data: string, nowMs: number): void {
    const state = this.#state;
    const { code, words } = parseFailure(data);
    if (code === 'bad-reading' && (state.name === 'live' || state.name === 'leaving')) {
      this.#answered(state.server.refused(words, nowMs), nowMs);
      return;
    }
    this.#lose(`${code}: ${words}`, nowMs, code === 'pending' ? limits.pendingRetryMs : undefined);
  }

  #stop(nowMs: number): void {
    const state = this.#state;
    switch (state.name) {
      case 'live':
        this.#leave(state.server, nowMs + limits.disconnectMsMax, nowMs);
        return;
      case 'registering':
        // Its answer is due first: a v1 server reads one request at a time.
        this.#state = { ...state, leaveByMs: state.leaveByMs ?? nowMs + limits.disconnectMsMax };
        return;
      case 'idle':
      case 'waiting':
      case 'connecting':
        this.#stopped(false);
        return;
      case 'leaving':
      case 'stopped':
        return;
      default:
        unreachable(state);
    }
  }

  #leave(server: LiveServer, untilMs: number, nowMs: number): void {
    this.#state = { name: 'leaving', server, untilMs };
    this.#push(server.disconnect(nowMs));
  }

  #stopped(confirmed: boolean): void {
    this.#state = { name: 'stopped' };
    this.#actions.push({ type: 'close', reason: 'stopped' }, { type: 'stopped', confirmed });
  }

  #lose(reason: string, nowMs: number, fixedRetryMs?: number): void {
    const state = this.#state;
    if (state.name === 'leaving' || (state.name === 'registering' && state.leaveByMs !== undefined)) {
      this.#stopped(false);
      return;
    }
    if (state.name !== 'connecting' && state.name !== 'registering' && state.name !== 'live') return;
    const retryMs = fixedRetryMs ?? backoffMs(this.#attempts, { ...backoff, random: this.#options.random });
    this.#attempts += 1;
    this.#state = { name: 'waiting', untilMs: nowMs + retryMs };
    this.#actions.push({ type: 'close', reason }, { type: 'lost', reason, retryMs });
  }

  #wake(nowMs: number): void {
    const state = this.#state;
    if (state.name === 'waiting') {
      if (nowMs >= state.untilMs) this.#connect(nowMs);
      return;
    }
    if (state.name === 'live' || state.name === 'leaving') {
      const actions = state.server.wake(nowMs);
      if (actions === 'overdue') this.#lose('no answer to a reading within 30 s', nowMs);
      else this.#push(actions);
    }
    if ('untilMs' in state && nowMs >= state.untilMs) this.#lose(tooLong[state.name], nowMs);
    const overdue = this.#patience.judge(nowMs);
    if (overdue === 'frame-overdue') this.#lose(`bad-frame: ${frameOverdue}`, nowMs);
    else if (overdue !== undefined) this.#lose('the server does not read what it is sent', nowMs);
  }

  #push(actions: readonly ClientAction[]): void {
    for (const action of actions) this.#actions.push(action);
  }
}
