import type { JSX } from 'preact';
import type { FleetRow } from '../../../src/api/contract.ts';
import { celsius, ratio } from '../format/quantities.ts';
import { ago } from '../format/times.ts';
import { ageMs, isOld } from '../../../src/core/freshness.ts';
import { levelOf, wordOf, type Kind } from '../../../src/api/levels.ts';
import { measuredOf } from '../../../src/api/fleet-figures.ts';
import { sparkHeight, sparkWidth } from './spark-path.ts';

interface MeasuredCellProps {
  readonly row: FleetRow;
  readonly kind: Kind;
  readonly nowMs: number;
  /** The last hour, as the path of a spark line. */
  readonly path: string;
}

const words: Readonly<Record<Kind, string>> = { cpu_temp: 'CPU', ram: 'RAM', disk: 'Disk', cpu: 'Load' };
const sentences: Readonly<Record<Kind, string>> = {
  cpu_temp: 'CPU temperature',
  ram: 'RAM in use',
  disk: 'Fullest disk',
  cpu: 'CPU in use',
};

/** One value of a unit and its last hour. An old value says its age, and has no colour that would make it look like news. */
export function MeasuredCell({ row, kind, nowMs, path }: MeasuredCellProps): JSX.Element {
  const measured = measuredOf(row, kind);
  if (measured === undefined)
    return (
      <div role="gridcell" class="fleet-value" data-word={words[kind]}>
        <span class="quiet" title={`${sentences[kind]}: not measured`}>
          –
        </span>
      </div>
    );
  const { value, time } = measured;
  const old = isOld(row, time, nowMs);
  const level = old ? 'fine' : levelOf(kind, value);
  const shown = kind === 'cpu_temp' ? celsius(value) : ratio(value);
  const about =
    kind === 'disk' && row.fullest_disk !== null ? `${sentences.disk} ${row.fullest_disk}` : sentences[kind];
  return (
    <div
      role="gridcell"
      class={`fleet-value fleet-${level}`}
      data-word={words[kind]}
      title={`${about}: ${shown}, ${old ? 'old' : wordOf(kind, level)}`}
    >
      <svg
        class="fleet-spark"
        viewBox={`0 0 ${sparkWidth} ${sparkHeight}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <path d={path} />
      </svg>
      <span class={old ? 'old' : undefined}>
        {shown}
        {level !== 'fine' && <span class="visually-hidden">, {wordOf(kind, level)}</span>}
        {old && <span class="fleet-age">{ago(ageMs(row, time, nowMs))}</span>}
      </span>
    </div>
  );
}
