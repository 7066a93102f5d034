import type { StepValueView } from '../../../src/api/contract.ts';
import { usedRatio } from '../../../src/core/used-ratio.ts';

type StepValues = Readonly<Record<string, StepValueView>>;

/** What is drawn of a reading: its values, but of a disk the part that is in use, since disks of all sizes share a chart. */
export function drawnValues(sensor: string, values: StepValues): StepValues {
  if (sensor !== 'disk') return values;
  const partAt = (end: 'min' | 'avg' | 'max'): number | undefined =>
    usedRatio({ value: (name) => values[name]?.[name === 'total' ? 'avg' : end] });
  const [one, avg, other] = [partAt('min'), partAt('avg'), partAt('max')];
  const count = (values['used'] ?? values['available'] ?? values['used_ratio'])?.count;
  if (one === undefined || avg === undefined || other === undefined || count === undefined) return {};
  // Most is in use where least is available.
  return { used_ratio: { min: Math.min(one, other), avg, max: Math.max(one, other), count } };
}
