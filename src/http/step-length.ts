import { limits } from '../core/limits.ts';

/** What became of a text that should be the length of a step. `fault` says what is wrong and what to do; it follows the name of the parameter. */
export type StepLength = { readonly ok: true; readonly ms: number } | { readonly ok: false; readonly fault: string };

const unitMs = { s: 1_000n, m: 60_000n, h: 3_600_000n, d: 86_400_000n, w: 604_800_000n } as const;
/** A plain number is seconds. More digits than any step has are left to be no length. */
const written = /^(-?)(\d{1,15})(?:\.(\d{1,15}))?([smhdw]?)$/;

/** The length of a step as users write it: `30s`, `1m`, `2h`, `1d`, `1w`, or a number of seconds; whole milliseconds within the limits. */
export function parseStep(text: string): StepLength {
  const [, sign, whole, fraction = '', unit = ''] = written.exec(text) ?? [];
  if (whole === undefined)
    return wrong('is no length of time; it is written for example 30s, 1m, 2h or 1d, or as a number of seconds');
  const length = unitMs[(unit === '' ? 's' : unit) as keyof typeof unitMs];
  // Not as a double: 1.001 s would have a fraction of a millisecond.
  const scaled = BigInt(whole + fraction) * length;
  const scale = 10n ** BigInt(fraction.length);
  if (sign === '-' || scaled < BigInt(limits.stepMsMin) * scale) {
    return wrong(
      `is below the shortest step of ${limits.stepMsMin / 1000} s; leave it out for the readings themselves`,
    );
  }
  if (scaled > BigInt(limits.stepMsMax) * scale) {
    return wrong(`is above the longest step of ${limits.stepMsMax / 86_400_000} d; choose a shorter one`);
  }
  if (scaled % scale !== 0n) return wrong('is not a whole number of milliseconds; choose one with fewer decimals');
  return { ok: true, ms: Number(scaled / scale) };
}

function wrong(fault: string): StepLength {
  return { ok: false, fault };
}
