import type { StepValueView } from '../../../src/api/contract.ts';

type StepValues = Readonly<Record<string, StepValueView>>;

/** What is drawn of a reading: its values, but of a disk the part that is in use, since disks of all sizes share a chart. */
export function drawnValues(sensor: string, values: StepValues): StepValues {
  if (sensor !== 'disk') return values;
  const { used, total, used_ratio: ratio } = values;
  if (ratio !== undefined) return { used_ratio: ratio };
  if (used === undefined || total === undefined || total.avg <= 0) return {};
  return { used_ratio: partOf(used, total.avg) };
}

function partOf({ min, avg, max, count }: StepValueView, whole: number): StepValueView {
  return { min: min / whole, avg: avg / whole, max: max / whole, count };
}
