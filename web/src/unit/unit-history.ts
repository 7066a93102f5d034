import { signal, type ReadonlySignal } from '@preact/signals';
import type { ReadingView, UnitEventView, UnitView } from '../../../src/api/contract.ts';
import { HubProblem } from '../../../src/api/hub-problem.ts';
import type { Source } from '../source.ts';
import { gapSpans, type GapSpan } from './gap-span.ts';
import { linesOf, type Line } from './line.ts';
import { withReadings } from './live-lines.ts';
import type { TimeSpan } from './view-range.ts';

/** What is asked for. */
export interface Wanted extends TimeSpan {
  /** Seconds. */
  readonly step: number;
}

/** How it stands with the newest question. `failed`: `retryMs` is the wait before it is asked again by itself; undefined: somebody has to want it. */
export type Asking =
  | { readonly name: 'asking' }
  | { readonly name: 'answered' }
  | {
      readonly name: 'failed';
      readonly problem: string;
      readonly detail: string;
      readonly retryMs: number | undefined;
    };

/** Waits, then calls; the result takes it back. */
export type Wait = (ms: number, then: () => void) => () => void;

/** The server says how long to wait where it has too much to do; where it does not, this long. */
const retryMsDefault = 5_000;
/** Problems that pass by themselves. */
const passing = new Set(['too-many-queries', 'store-unavailable', 'shutting-down']);

/** What is known of one unit in a stretch of time. It asks one thing at a time, and lets go of an answer when another is wanted. */
export class UnitHistory {
  readonly #source: Source;
  readonly #clientId: string;
  readonly #wait: Wait;
  readonly #lines = signal<readonly Line[]>([]);
  readonly #gaps = signal<readonly GapSpan[]>([]);
  readonly #events = signal<readonly UnitEventView[]>([]);
  readonly #unit = signal<UnitView | undefined>(undefined);
  readonly #shown = signal<Wanted | undefined>(undefined);
  readonly #asking = signal<Asking>({ name: 'asking' });
  #running = new AbortController();
  #takeBack: () => void = () => {};
  /** What was measured while the history was on its way: it may have it or not. */
  #meanwhile: ReadingView[] = [];

  constructor(source: Source, { clientId, wait }: { readonly clientId: string; readonly wait: Wait }) {
    this.#source = source;
    this.#clientId = clientId;
    this.#wait = wait;
  }

  get lines(): ReadonlySignal<readonly Line[]> {
    return this.#lines;
  }
  get gaps(): ReadonlySignal<readonly GapSpan[]> {
    return this.#gaps;
  }
  get events(): ReadonlySignal<readonly UnitEventView[]> {
    return this.#events;
  }
  /** As it was when it was last asked for: its newest readings with their source. */
  get unit(): ReadonlySignal<UnitView | undefined> {
    return this.#unit;
  }
  /** Of what the lines are. */
  get shown(): ReadonlySignal<Wanted | undefined> {
    return this.#shown;
  }
  get asking(): ReadonlySignal<Asking> {
    return this.#asking;
  }

  /** Asks for another stretch, or for the same anew. What is shown stays until the answer is there. */
  show(wanted: Wanted): void {
    this.#stop();
    this.#running = new AbortController();
    void this.#ask(wanted, this.#running.signal);
  }

  /** New readings of the unit. They need no question. Points before `fromMs` are let go of. */
  add(readings: readonly ReadingView[], fromMs: number): void {
    if (this.#asking.value.name === 'asking') this.#meanwhile.push(...readings);
    const shown = this.#shown.value;
    if (shown !== undefined) this.#lines.value = this.#with(readings, this.#lines.value, { ...shown, fromMs });
  }

  close(): void {
    this.#stop();
  }

  #stop(): void {
    this.#takeBack();
    this.#running.abort();
  }

  async #ask(wanted: Wanted, signal: AbortSignal): Promise<void> {
    const span = { from: wanted.fromMs, to: wanted.toMs };
    this.#asking.value = { name: 'asking' };
    this.#meanwhile = [];
    try {
      const steps = await this.#source.history(this.#clientId, { ...span, step: `${wanted.step}s` }, signal);
      if (signal.aborted) return;
      const lines = linesOf(steps);
      this.#lines.value = this.#with(this.#meanwhile.filter(isAfter(lines)), lines, wanted);
      this.#shown.value = wanted;
      const missing = await this.#source.gaps(this.#clientId, span, signal);
      if (signal.aborted) return;
      this.#gaps.value = gapSpans(missing);
      const happened = await this.#source.events(this.#clientId, span, signal);
      if (signal.aborted) return;
      this.#events.value = happened;
      const now = await this.#source.unit(this.#clientId, signal);
      if (signal.aborted) return;
      this.#unit.value = now;
      this.#asking.value = { name: 'answered' };
    } catch (error) {
      if (!signal.aborted) this.#failed(error, wanted);
    }
  }

  #failed(error: unknown, wanted: Wanted): void {
    const problem = error instanceof HubProblem ? error.problem : 'unreachable';
    const detail = detailOf(error);
    const retryMs = passing.has(problem) ? waitOf(error) : undefined;
    this.#asking.value = { name: 'failed', problem, detail, retryMs };
    if (retryMs !== undefined) this.#takeBack = this.#wait(retryMs, () => this.show(wanted));
  }

  #with(readings: readonly ReadingView[], lines: readonly Line[], { fromMs, step }: Wanted): readonly Line[] {
    return readings.length === 0 ? lines : withReadings(lines, readings, { stepMs: step * 1_000, fromMs });
  }
}

/** Readings of steps that the answer does not have: of the others nobody knows whether they are in it, and none is counted twice. */
function isAfter(lines: readonly Line[]): (reading: ReadingView) => boolean {
  let endMs = Number.NEGATIVE_INFINITY;
  for (const { points } of lines) {
    const last = points.at(-1);
    if (last !== undefined) endMs = Math.max(endMs, last.timeMs + last.stepMs);
  }
  return ({ time }) => typeof time === 'number' && time >= endMs;
}

/** What `fetch` rejects with where nobody answers is a TypeError, whose words are the browser's. */
function detailOf(error: unknown): string {
  if (error instanceof TypeError) return 'The server does not answer.';
  return error instanceof Error ? error.message : String(error);
}

function waitOf(error: unknown): number {
  const seconds = error instanceof HubProblem ? error.retryAfterSeconds : undefined;
  return seconds === undefined ? retryMsDefault : seconds * 1_000;
}
