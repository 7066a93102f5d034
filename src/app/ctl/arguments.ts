import type { Form } from '../../config/kind.ts';
import { placeIn } from '../../config/place.ts';
import { CodedError } from '../../core/coded-error.ts';
import { limits } from '../../core/limits.ts';
import { parseInstant } from '../../http/instant.ts';
import { parseStep } from '../../http/step-length.ts';

/** Values of the command line, checked. Each throws CodedError `bad-usage` with exit code 2. */

/** SECONDS of an interval: the form of protocol 5. */
export function intervalSeconds(text: string): number {
  const { intervalSecondsMin: min, intervalSecondsMax: max } = limits;
  const form = `SECONDS is a number from ${min} to ${max} in steps of 0.001, for example 5 or 0.5`;
  if (!/^\d+(\.\d+)?$/.test(text)) throw badUsage(`"${text}" is no interval: ${form}.`);
  const seconds = Number(text);
  if (seconds < min) throw badUsage(`An interval of ${text} s is too short: ${form}.`);
  if (seconds > max) throw badUsage(`An interval of ${text} s is too long: ${form}.`);
  if (Math.round(seconds * 1000) / 1000 !== seconds) throw badUsage(`An interval of ${text} s is too fine: ${form}.`);
  return seconds;
}

/** Seconds of `--timeout`, as milliseconds. */
export function timeoutMs(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  // A day: the longest interval, and far below what a timer can hold.
  if (!(seconds <= 86_400))
    throw badUsage(`--timeout is "${text}"; it is a number of seconds up to 86400, for example 30.`);
  return seconds * 1000;
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** The first millisecond that there is a date for: what is longer ago is as long ago as that. */
const earliestMs = -8_640_000_000_000_000;

/** TIME of `--from` and `--to`: RFC 3339, milliseconds since 1970, `now`, or so long before `nowMs`; as milliseconds since 1970. */
export function timeMs(text: string, flag: string, nowMs: number): number {
  if (text === 'now') return nowMs;
  const [, amount, unit] = /^-(\d{1,9})([smhdw])$/.exec(text) ?? [];
  const length = unitMs[unit as keyof typeof unitMs];
  const ms = amount === undefined ? parseInstant(text) : Math.max(earliestMs, nowMs - Number(amount) * length);
  if (ms !== undefined) return ms;
  throw badUsage(
    `${flag} is "${text}"; it is a time such as 2026-11-21T10:00:00Z, 1795255200000 (milliseconds since 1970), -2h (before now: s, m, h, d, w), or now.`,
  );
}

/** LENGTH of `--step`, as milliseconds. */
export function stepLengthMs(text: string): number {
  const length = parseStep(text);
  if (length.ok) return length.ms;
  throw badUsage(`--step "${text}" ${length.fault}.`);
}

export interface LifetimeOptions {
  readonly flag: string;
  readonly daysMax: number;
}

/** LENGTH of `--expires`, as milliseconds: whole seconds. */
export function lifetimeMs(text: string, { flag, daysMax }: LifetimeOptions): number {
  const [, amount, unit] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  const ms = Number(amount) * (unitMs[unit as keyof typeof unitMs] ?? Number.NaN);
  if (ms >= 1_000 && ms <= daysMax * unitMs.d) return ms;
  throw badUsage(
    `${flag} is "${text}"; it is a length of time from 1s to ${daysMax}d, for example 30m, 1h or 7d (s, m, h, d, w).`,
  );
}

/** A whole number from 1 to `max`. */
export function countOf(text: string, flag: string, max: number): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= 1 && count <= max) return count;
  throw badUsage(`${flag} is "${text}"; it is a whole number from 1 to ${max}.`);
}

/** The address of an API, with a slash at its end. `source` says where it was given. */
export function apiUrl(text: string, source: string): URL {
  const url = URL.parse(text.endsWith('/') ? text : `${text}/`);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '') {
    throw badUsage(`${source} is "${text}"; it is an address such as http://127.0.0.1:8080.`);
  }
  // Shown nowhere: it is a secret.
  if (url.username !== '' || url.password !== '')
    throw badUsage(`${source} has a user or a password in it; the API takes none.`);
  return url;
}

/** A value in the form that a setting of the server has. `source` says where it was given. */
export function inForm<Value>(form: Form<Value>, text: string, source: string): Value {
  const parsed = form.parse(text, placeIn('/', 'linux'));
  if (parsed.ok) return parsed.value;
  throw badUsage(`${source} is ${JSON.stringify(text)}; ${parsed.fault}.`);
}

export function badUsage(message: string): CodedError {
  return new CodedError('bad-usage', message, { exitCode: 2 });
}
