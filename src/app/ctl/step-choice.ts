import { limits } from '../../core/limits.ts';

/** Steps that people count in, in milliseconds. */
const usual = [
  ['1s', 1_000],
  ['5s', 5_000],
  ['10s', 10_000],
  ['30s', 30_000],
  ['1m', 60_000],
  ['5m', 300_000],
  ['10m', 600_000],
  ['30m', 1_800_000],
  ['1h', 3_600_000],
  ['2h', 7_200_000],
  ['6h', 21_600_000],
  ['12h', 43_200_000],
  ['1d', 86_400_000],
  ['7d', 604_800_000],
] as const;
const stepsWanted = 60;
/** Of fewer a plot says little. */
const stepsMin = 10;

/**
 * The usual step of which a range of time has about 60: the one whose number of them is nearest by ratio; longer where a unit of that interval would leave every second
 * one empty, as if readings were missing. Milliseconds.
 */
export function usualStepMs(rangeMs: number, intervalMs: number): number {
  const distance = (stepMs: number): number => Math.abs(Math.log(rangeMs / stepMs / stepsWanted));
  let best: number = usual[0][1];
  for (const [, stepMs] of usual) if (distance(stepMs) < distance(best)) best = stepMs;
  for (const [, stepMs] of usual) {
    const isFiner = best < limits.lateIntervals * intervalMs;
    if (isFiner && stepMs > best && stepMs * stepsMin <= rangeMs) best = stepMs;
  }
  return best;
}

/** As `--step` takes it: `90s`, `1m`, `7d`. */
export function stepText(stepMs: number): string {
  const found = usual.find(([, ms]) => ms === stepMs)?.[0];
  if (found !== undefined) return found;
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
  ] as const;
  const [unit, unitMs] = units.find(([, ms]) => stepMs % ms === 0) ?? ['s', 1_000];
  return `${stepMs / unitMs}${unit}`;
}
