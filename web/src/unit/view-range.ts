/** What the charts show: so long, up to a time, or up to now (`endMs` undefined), and then they follow it. Milliseconds. */
export interface ViewRange {
  readonly lengthMs: number;
  readonly endMs: number | undefined;
}

/** Milliseconds since 1970. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Preset {
  /** As in the address: `range=6h`. */
  readonly word: string;
  readonly label: string;
  readonly lengthMs: number;
}

const minute = 60_000;
const hour = 3_600_000;
const day = 86_400_000;

export const presets: readonly Preset[] = [
  { word: '15m', label: '15 min', lengthMs: 15 * minute },
  { word: '1h', label: '1 h', lengthMs: hour },
  { word: '6h', label: '6 h', lengthMs: 6 * hour },
  { word: '24h', label: '24 h', lengthMs: day },
  { word: '7d', label: '7 d', lengthMs: 7 * day },
  { word: '30d', label: '30 d', lengthMs: 30 * day },
  { word: '90d', label: '90 d', lengthMs: 90 * day },
  { word: '1y', label: '1 year', lengthMs: 365 * day },
];

/** Ten steps of the shortest, and a decade. */
export const lengthMsMin = 10_000;
export const lengthMsMax = 3_660 * day;

const first: ViewRange = { lengthMs: hour, endMs: undefined };
const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: minute, h: hour, d: day, w: 7 * day, y: 365 * day };

/** What an address says, `range=90m&end=2026-11-21T10:00:00Z`; what it does not say, or says wrong, is the last hour. */
export function rangeOf(query: URLSearchParams): ViewRange {
  return { lengthMs: lengthOf(query.get('range') ?? ''), endMs: timeOf(query.get('end') ?? '') };
}

/** The members of the address that say it. */
export function wordsOf({ lengthMs, endMs }: ViewRange): { readonly range: string; readonly end: string | undefined } {
  const preset = presets.find((candidate) => candidate.lengthMs === lengthMs);
  return {
    range: preset?.word ?? `${lengthMs / 1_000}s`,
    end: endMs === undefined ? undefined : new Date(endMs).toISOString(),
  };
}

export function spanOf({ lengthMs, endMs }: ViewRange, nowMs: number): TimeSpan {
  const toMs = endMs ?? nowMs;
  return { fromMs: toMs - lengthMs, toMs };
}

/** By a part of its length: −0.25 is a quarter back. Whoever comes to now follows it from then on. */
export function movedBy(range: ViewRange, part: number, nowMs: number): ViewRange {
  return endingAt(range.lengthMs, spanOf(range, nowMs).toMs + part * range.lengthMs, nowMs);
}

/** Longer or shorter by a factor. What ends at now goes on ending there; else the middle stays. */
export function scaledBy(range: ViewRange, factor: number, nowMs: number): ViewRange {
  const lengthMs = withinLimits(range.lengthMs * factor);
  if (range.endMs === undefined) return { lengthMs, endMs: undefined };
  return endingAt(lengthMs, range.endMs + (lengthMs - range.lengthMs) / 2, nowMs);
}

/** From here to there, as somebody has dragged it: to the second, which is less than a hand can tell. */
export function draggedTo(fromMs: number, toMs: number): ViewRange {
  const lengthMs = withinLimits(wholeSeconds(Math.abs(toMs - fromMs)));
  return { lengthMs, endMs: wholeSeconds((fromMs + toMs) / 2 + lengthMs / 2) };
}

function endingAt(lengthMs: number, endMs: number, nowMs: number): ViewRange {
  return endMs >= nowMs ? { lengthMs, endMs: undefined } : { lengthMs, endMs: Math.round(endMs) };
}

function lengthOf(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,12}(?:\.\d{1,3})?)([smhdwy])$/.exec(text) ?? [];
  const length = Number(digits) * (unitMs[unit] ?? Number.NaN);
  return Number.isFinite(length) ? withinLimits(length) : first.lengthMs;
}

/** RFC 3339, or milliseconds since 1970. */
function timeOf(text: string): number | undefined {
  const ms = /^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isFinite(ms) ? ms : undefined;
}

function wholeSeconds(ms: number): number {
  return Math.round(ms / 1_000) * 1_000;
}

function withinLimits(lengthMs: number): number {
  return Math.round(Math.min(lengthMsMax, Math.max(lengthMsMin, lengthMs)));
}
