import type { Told } from './event-ring.ts';
import type { ChangeTexts } from './fleet-book.ts';
import { bytesOf, type JsonPieces } from './json-list.ts';

/** Pieces smaller than this together become one: a write costs more than a copy. */
const joinedBytesMax = 262_144;

/** A `FleetSnapshot`, as JSON. `rows` as of the book. */
export function snapshotJson(timeMs: number, rows: JsonPieces): JsonPieces {
  return [`{"time":${timeMs},"units":[`, ...rows, ']}'];
}

/** The event `fleet`. */
export function fleetEvent(id: string, timeMs: number, rows: JsonPieces): readonly Buffer[] {
  return joined([`id: ${id}\nevent: fleet\ndata: `, ...snapshotJson(timeMs, rows), '\n\n']);
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
    `id: ${id}\nevent: changes\ndata: {"time":${timeMs},"rows":[`,
    ...rows,
    '],"values":[',
    ...values,
    `],"gone":${JSON.stringify(gone)},"events":[${events.texts.join()}]${dropped}${measured}}\n\n`,
  ]);
}

function joined(pieces: JsonPieces): readonly Buffer[] {
  const parts = bytesOf(pieces);
  const bytes = parts.reduce((sum, { length }) => sum + length, 0);
  return parts.length === 1 || bytes > joinedBytesMax ? parts : [Buffer.concat(parts, bytes)];
}
