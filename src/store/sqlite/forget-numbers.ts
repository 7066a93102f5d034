import type { Segment } from './segment.ts';
import type { Statements } from './statements.ts';

/** Drops the highest numbers of a unit that has no chunk of readings, if it has no reading behind that segment either. */
export function forgetNumbers(
  clientId: string,
  throughSegment: number,
  statements: Pick<Statements, 'lastMarkedSegment' | 'dropMarks'>,
  current: Segment | undefined,
): void {
  if (current?.has(clientId) === true) return;
  const last = statements.lastMarkedSegment.get(clientId)?.['segment'];
  if (typeof last === 'number' && last <= throughSegment) statements.dropMarks.run(clientId);
}
