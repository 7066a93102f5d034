import { computed, effect, signal, untracked, type ReadonlySignal, type Signal } from '@preact/signals';
import type { FleetRow, ReadingView } from '../../../src/api/contract.ts';
import { fleet } from '../live/fleet.ts';
import { second } from '../live/second.ts';
import { address, go, hrefOf } from '../shell/address.ts';
import { snapshot, source } from '../source.ts';
import { chosenLinesOf, switched, wordsOfChosen, type ChosenLines } from './chosen-lines.ts';
import type { GapSpan } from './gap-span.ts';
import { stepFor } from './step-choice.ts';
import { latestReadings } from './latest.ts';
import { offsetOf, unitEvents, type UnitEvent } from './unit-event.ts';
import { UnitHistory } from './unit-history.ts';
import { rangeOf, spanOf, wordsOf, type TimeSpan, type ViewRange } from './view-range.ts';

/** One unit as its view shows it. */
export interface UnitModel {
  readonly clientId: string;
  readonly row: ReadonlySignal<FleetRow | undefined>;
  readonly history: UnitHistory;
  readonly events: ReadonlySignal<readonly UnitEvent[]>;
  /** The newest of each series. */
  readonly latest: ReadonlySignal<readonly ReadingView[]>;
  readonly range: ReadonlySignal<ViewRange>;
  /** Of the charts, by the unit's clock; it moves with the time while the range ends now. */
  readonly span: ReadonlySignal<TimeSpan>;
  readonly chosen: ReadonlySignal<ChosenLines>;
  /** Where the cursor is, by the unit's clock; the charts share it. */
  readonly hoverMs: Signal<number | undefined>;
  /** Of the charts, in CSS pixels. */
  readonly widthPx: Signal<number>;
  /** Ranges to go back to. */
  readonly earlier: ReadonlySignal<readonly ViewRange[]>;
  /** A page that was written to a file has one range. */
  readonly fixed: boolean;
  /** Of the unit's clock. */
  nowMs(): number;
  show(range: ViewRange): void;
  back(): void;
  switchLine(key: string): void;
  askAgain(): void;
  /** Stops it. */
  close(): void;
}

const earlierMax = 50;
/** What a change of state means for gaps and events is stored by then. */
const settledMs = 1_500;
/** A unit has readings, and a gap of it still lasts: the answer is older than its return, so it is asked for again, no sooner than this. */
const gapEndMs = 3_000;
/** A stream that has not begun by then is not worth waiting for. */
const listenMsMax = 400;
/** A cursor does not tell less than a pixel, and a minute is nothing to a chart of a day. */
const nowStepMsMax = 60_000;

export function openUnit(clientId: string): UnitModel {
  const wait = (ms: number, then: () => void): (() => void) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  };
  const history = new UnitHistory(source, { clientId, wait });
  const widthPx = signal(0);
  const hoverMs = signal<number | undefined>(undefined);
  const earlier = signal<readonly ViewRange[]>([]);
  const asked = signal(0);
  const latest = signal<readonly ReadingView[]>([]);
  const own = snapshot?.unit?.view.client_id === clientId ? snapshot.unit : undefined;

  const row = computed(() => {
    void fleet.version.value;
    return fleet.rows.get(clientId);
  });
  const offsetMs = computed(() => offsetOf(row.value?.clock_offset_ms));
  const nowMs = (): number => fleet.nowMs() + offsetMs.peek();
  const range = computed<ViewRange>(() =>
    own === undefined ? rangeOf(address.value.query) : { lengthMs: own.to - own.from, endMs: own.to },
  );
  const span = computed<TimeSpan>(() => {
    const every = Math.min(nowStepMsMax, Math.max(1_000, range.value.lengthMs / Math.max(1, widthPx.value)));
    return spanOf(range.value, Math.floor((second.value + offsetMs.value) / every) * every);
  });
  const step = computed(() => own?.step ?? stepFor({ lengthMs: range.value.lengthMs, widthPx: widthPx.value }));
  const state = computed(() => row.value?.state);
  const link = computed(() => fleet.link.value.name);

  const show = (wanted: ViewRange): void => {
    const { path, query } = address.peek();
    go(hrefOf(path, { ...Object.fromEntries(query), ...wordsOf(wanted) }));
  };
  const askAgain = (): void => {
    asked.value += 1;
  };
  // A question that is asked before the stream of the unit's readings has begun would leave a hole between them. Its beginning is a new picture of the fleet.
  const listening = signal(snapshot !== undefined);
  const listen = (): void => {
    listening.value = true;
  };
  let settling = (): void => {};
  let catchingUp: (() => void) | undefined;
  const stops = [
    effect(() => {
      const { lengthMs, endMs } = range.value;
      void asked.value;
      if (widthPx.value === 0 || !listening.value) return;
      const wanted = step.value;
      const { fromMs, toMs } = untracked(() => spanOf({ lengthMs, endMs }, nowMs()));
      // A step that has begun is asked for as a whole.
      untracked(() => history.show({ fromMs, toMs: toMs + 1, step: wanted }));
    }),
    effect(() => {
      const readings = fleet.readings.value;
      untracked(() => (latest.value = latestReadings(undefined, [...latest.value, ...readings])));
      if (range.value.endMs === undefined) untracked(() => history.add(readings, span.value.fromMs));
    }),
    effect(() => {
      const isBack = fleet.readings.value.length > 0 && history.gaps.value.some(isAbsence);
      if (!isBack || catchingUp !== undefined) return;
      catchingUp = wait(gapEndMs, () => {
        catchingUp = undefined;
        askAgain();
      });
    }),
    onChange(state, (before) => {
      if (before === undefined) return;
      settling();
      settling = wait(settledMs, askAgain);
    }),
    onChange(link, (before, now) => {
      // What happened while nobody listened is in the history.
      if (before === 'stale' && now === 'live') askAgain();
    }),
    onChange(fleet.structure, listen),
    wait(listenMsMax, listen),
  ];
  return {
    clientId,
    row,
    history,
    latest: computed(() => latestReadings(history.unit.value?.latest, latest.value)),
    events: computed(() => unitEvents(history.events.value, fleet.events.value, clientId)),
    range,
    span,
    chosen: computed(() => chosenLinesOf(address.value.query)),
    hoverMs,
    widthPx,
    earlier,
    fixed: snapshot !== undefined,
    nowMs,
    show(wanted) {
      earlier.value = [...earlier.value, range.value].slice(-earlierMax);
      show(wanted);
    },
    back() {
      const before = earlier.value.at(-1);
      earlier.value = earlier.value.slice(0, -1);
      if (before !== undefined) show(before);
    },
    switchLine(key) {
      const { path, query } = address.peek();
      const series = wordsOfChosen(switched(key, chosenLinesOf(query)));
      go(hrefOf(path, { ...Object.fromEntries(query), series }), { replace: true });
    },
    askAgain,
    close() {
      settling();
      catchingUp?.();
      for (const stop of stops) stop();
      history.close();
    },
  };
}

/** A gap that lasts, of the unit as a whole. */
function isAbsence({ reason, toMs }: GapSpan): boolean {
  return toMs === Number.POSITIVE_INFINITY && reason !== 'sensor-gone';
}

/** Calls with what it was and what it is, when the value has become another one. */
function onChange<Value>(value: ReadonlySignal<Value>, then: (before: Value, now: Value) => void): () => void {
  let before = value.peek();
  return effect(() => {
    const now = value.value;
    if (now === before) return;
    const was = before;
    before = now;
    untracked(() => then(was, now));
  });
}
