import type { Gap } from './api-answers.ts';
import { shown } from './figures.ts';
import type { LocalTimes } from './local-times.ts';

/** Whether a gap tells of that series. Those of no sensor are of the whole unit. */
export function concerns(
  { sensor, id }: Gap,
  series: { readonly sensor: string; readonly id: string | undefined },
): boolean {
  return sensor === undefined || (sensor === series.sensor && id === series.id);
}

/** A gap as one line for a person, from when to when and why: `-- host-off, 10:10:00 to 11:00:00: off, asleep, …`. */
export function gapNote({ reason, from, to, count }: Gap, times: LocalTimes): string {
  const begin = times.exact(Date.parse(from));
  const span = to === null ? ` since ${begin}` : `, ${begin} to ${times.exact(Date.parse(to))}`;
  const words = meaning(reason, count);
  return `-- ${shown(reason)}${span}${words === undefined ? '' : `: ${words}`}`;
}

/** A later server may know more reasons. */
function meaning(reason: string, count: number | undefined): string | undefined {
  switch (reason) {
    case 'lost':
      return 'the connection ended without a goodbye, and the unit was not back';
    case 'host-off':
      return 'off, asleep, its client not running, or what it held lost with it';
    case 'link-down':
      return 'not connected; its readings came later';
    case 'left':
      return 'it had said goodbye';
    case 'sensor-gone':
      return 'the other readings went on, those of this sensor did not';
    case 'spool-dropped':
      return `its client had no room for ${count ?? 'some'} readings, or could not read them back`;
    default:
      return undefined;
  }
}
