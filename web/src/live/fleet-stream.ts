import { unreachable } from '../../../src/core/assert.ts';
import type { FleetChanges, FleetSnapshot } from '../../../src/api/contract.ts';
import { LinkMachine, type LinkAction, type LinkInput } from './link-machine.ts';
import type { LiveFleet } from './live-fleet.ts';

export interface FleetStreamOptions {
  readonly fleet: LiveFleet;
  readonly urlOf: (query: { readonly unit?: string }) => string;
  /** Looks who is logged in. */
  readonly askSession: () => Promise<'known' | 'stranger' | 'unreachable'>;
  /** Whether the server answers. */
  readonly askAlive: () => Promise<boolean>;
}

/** Joins the link's machine to an EventSource, a timer and whether the tab is seen. One stream a tab. */
export class FleetStream {
  readonly #machine = new LinkMachine({ random: Math.random });
  readonly #options: FleetStreamOptions;
  #source: EventSource | undefined;
  #unit: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: FleetStreamOptions) {
    this.#options = options;
    document.addEventListener('visibilitychange', () => this.#handle({ type: document.hidden ? 'hidden' : 'seen' }));
    addEventListener('online', () => {
      if (!document.hidden) this.#handle({ type: 'seen' });
    });
  }

  /** Asks who is logged in, and goes on if somebody is. */
  start(): void {
    this.#handle({ type: 'start' });
  }

  stop(): void {
    this.#handle({ type: 'stop' });
  }

  watch(unit: string | undefined): void {
    if (unit !== this.#unit) this.#options.fleet.forgetReadings();
    this.#unit = unit;
    this.#handle({ type: 'watch', unit });
  }

  #handle(input: LinkInput): void {
    for (const action of this.#machine.handle(input, Date.now())) this.#do(action);
    clearTimeout(this.#timer);
    const { deadlineMs } = this.#machine;
    if (deadlineMs === undefined) return;
    this.#timer = setTimeout(() => this.#handle({ type: 'wake' }), Math.max(0, deadlineMs - Date.now()));
  }

  #do(action: LinkAction): void {
    const { fleet, askSession, askAlive } = this.#options;
    switch (action.type) {
      case 'ask-session':
        void askSession().then((answer) => this.#handle({ type: 'session', answer }));
        return;
      case 'ask-alive':
        void askAlive().then((isAlive) => {
          if (isAlive) this.#handle({ type: 'alive' });
        });
        return;
      case 'open':
        this.#open(action.unit);
        return;
      case 'close':
        this.#source?.close();
        this.#source = undefined;
        return;
      case 'link':
        fleet.linked(action.link);
        return;
      default:
        unreachable(action);
    }
  }

  #open(unit: string | undefined): void {
    const { fleet, urlOf } = this.#options;
    const source = new EventSource(urlOf(unit === undefined ? {} : { unit }));
    const heard = (event: 'fleet' | 'changes', take: (data: unknown) => void): void => {
      source.addEventListener(event, ({ data }: MessageEvent<string>) => {
        take(JSON.parse(data));
        this.#handle({ type: 'heard', event });
      });
    };
    // The server's own tests hold its events to their shapes.
    heard('fleet', (data) => takeFleet(fleet, data as FleetSnapshot, unit));
    heard('changes', (data) => fleet.change(data as FleetChanges));
    source.addEventListener('open', () => this.#handle({ type: 'opened' }));
    source.addEventListener('error', () => {
      if (source === this.#source) this.#handle({ type: 'broken', final: source.readyState === EventSource.CLOSED });
    });
    this.#source = source;
  }
}

/** A stream about one unit may begin with that unit alone: the others stay as they were, and grow old. */
function takeFleet(fleet: LiveFleet, { time, units }: FleetSnapshot, unit: string | undefined): void {
  if (unit === undefined || units.length > 1) fleet.take({ time, units });
  else fleet.change({ time, rows: units, values: [], gone: [], events: [] });
}
