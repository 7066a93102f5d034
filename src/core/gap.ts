/**
 * Why readings of a unit are missing.
 *
 * - `lost`: the connection ended without `!DISC`, and the unit is not back; or it is one of v1, which cannot tell more
 * - `host-off`: it came back, and brought no readings of the time between: the machine was off or asleep, or its client did not run
 * - `link-down`: it came back and brought them later, so nothing is missing any more
 * - `left`: it left with `!DISC`
 * - `sensor-gone`: other readings went on, those of one sensor did not
 * - `spool-dropped`: the client could not keep them until it reached the server
 */
export type GapReason = 'lost' | 'host-off' | 'link-down' | 'left' | 'sensor-gone' | 'spool-dropped';

/**
 * A gap as the store keeps it. Its times are those of the readings around it, milliseconds since 1970 by the unit's clock, so that a gap lies where readings
 * are missing. Up to `filledMs` they came later; the reason is that of the rest.
 */
export interface GapRecord {
  readonly clientId: string;
  /** With `clientId` it names the gap; it grows with each. */
  readonly number: number;
  readonly reason: Exclude<GapReason, 'link-down'>;
  /** Of `sensor-gone` alone, as is `id`. */
  readonly sensor?: string | undefined;
  readonly id?: string | undefined;
  /** The last reading before it. */
  readonly fromMs: number;
  /** From `fromMs` to `toMs`. */
  readonly filledMs: number;
  /** The first reading after it; undefined while it lasts. */
  readonly toMs: number | undefined;
  /** Of `spool-dropped` alone: how many readings. */
  readonly count?: number | undefined;
}

/** A gap that is new or has changed; undefined where there is none after all. */
export interface GapChange {
  readonly clientId: string;
  readonly number: number;
  readonly gap: GapRecord | undefined;
}

/** A gap as the API shows it. */
export interface GapView {
  readonly reason: GapReason;
  readonly sensor?: string;
  readonly id?: string;
  /** RFC 3339, UTC, by the unit's clock. */
  readonly from: string;
  /** Null while it lasts. */
  readonly to: string | null;
  readonly count?: number;
}

/** Whether any of the gap lies at or after `fromMs` and before `toMs`. */
export function gapTouches(gap: GapRecord, fromMs: number, toMs: number): boolean {
  return gap.fromMs < toMs && (gap.toMs ?? Number.POSITIVE_INFINITY) >= fromMs;
}

/** What is to be shown of a gap: two, where part of it was filled. */
export function viewsOfGap({ reason, sensor, id, fromMs, filledMs, toMs, count }: GapRecord): readonly GapView[] {
  const views: GapView[] = [];
  if (filledMs > fromMs) views.push({ reason: 'link-down', from: timeText(fromMs), to: timeText(filledMs) });
  if (filledMs === toMs && views.length > 0) return views;
  views.push({
    reason,
    ...(sensor !== undefined && { sensor }),
    ...(id !== undefined && { id }),
    from: timeText(filledMs),
    to: toMs === undefined ? null : timeText(toMs),
    ...(count !== undefined && { count }),
  });
  return views;
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
