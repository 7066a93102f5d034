import { weightOf, type Weight } from './event-words.ts';
import type { UnitEvent } from './unit-event.ts';
import type { TimeSpan } from './view-range.ts';

/** Events that lie too near to each other to be told apart with a pointer, oldest first. */
export interface Mark {
  readonly leftPx: number;
  /** Of the gravest of them. */
  readonly weight: Weight;
  readonly events: readonly UnitEvent[];
}

const apartPxMin = 14;
const order: readonly Weight[] = ['plain', 'warn', 'bad'];

/** Where the events of a span stand on a track. Theirs is the server's clock, the span's the unit's, which is `offsetMs` ahead. */
export function marksOf(
  events: readonly UnitEvent[],
  { span, offsetMs, widthPx }: { readonly span: TimeSpan; readonly offsetMs: number; readonly widthPx: number },
): readonly Mark[] {
  const marks: Mark[] = [];
  for (const event of events) {
    const atMs = event.timeMs + offsetMs;
    if (atMs < span.fromMs || atMs > span.toMs) continue;
    const leftPx = Math.round(((atMs - span.fromMs) / (span.toMs - span.fromMs)) * widthPx);
    const last = marks.at(-1);
    if (last === undefined || leftPx - last.leftPx >= apartPxMin)
      marks.push({ leftPx, weight: weightOf(event), events: [event] });
    else
      marks[marks.length - 1] = {
        leftPx: last.leftPx,
        weight: graver(last.weight, weightOf(event)),
        events: [...last.events, event],
      };
  }
  return marks;
}

function graver(one: Weight, other: Weight): Weight {
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}
