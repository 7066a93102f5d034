import type { Told } from './event-ring.ts';
import type { ChangeTexts } from './fleet-book.ts';

/** Pieces smaller than this together become one: a write costs more than a copy. */
const joinedBytesMax = 262_144;

/** A `FleetSnapshot`, as JSON. `rows` as of the book. */
export function snapshotJson(timeMs: number, rows: readonly Buffer[]): readonly Buffer[] {
  return [Buffer.from(`{"time":${timeMs},"units":[`), ...rows, Buffer.from(']}')];
}

/** The event `fleet`. */
export function fleetEvent(id: string, timeMs: number, rows: readonly Buffer[]): readonly Buffer[] {
  return joined([Buffer.from(`id: ${id}\nevent: fleet\ndata: `), ...snapshotJson(timeMs, rows), Buffer.from('\n\n')]);
}

/** The event `changes`: a `FleetChanges`. `readings` are those of the one unit that its reader wants to hear of. */
export function changesEvent(
  id: string,
  {
    timeMs,
    changes: { rows, values, gone },
    events,
    readings,
  }: {
    readonly timeMs: number;
    readonly changes: ChangeTexts;
    readonly events: Told;
    readonly readings?: readonly string[];
  },
): readonly Buffer[] {
  const dropped = events.dropped > 0 ? `,"dropped":${events.dropped}` : '';
  const measured = readings === undefined ? '' : `,"readings":[${readings.join()}]`;
  return joined([
    Buffer.from(`id: ${id}\nevent: changes\ndata: {"time":${timeMs},"rows":[`),
    ...rows,
    Buffer.from('],"values":['),
    ...values,
    Buffer.from(`],"gone":${JSON.stringify(gone)},"events":[${events.texts.join()}]${dropped}${measured}}\n\n`),
  ]);
}

function joined(pieces: readonly Buffer[]): readonly Buffer[] {
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  return bytes > joinedBytesMax ? pieces : [Buffer.concat(pieces, bytes)];
}
