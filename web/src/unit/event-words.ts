import { duration } from '../format/times.ts';
import type { UnitEvent } from './unit-event.ts';

type Details = UnitEvent['details'];

const words: Readonly<Record<string, (details: Details) => string>> = {
  registered: ({ ip }) => (ip === undefined ? 'Registered' : `Registered from ${String(ip)}`),
  'registration-refused': () => 'Registration refused',
  disconnected: () => 'Said goodbye',
  lost: () => 'Lost',
  'interval-wanted': (details) => `Interval of ${lengthIn(details)} wanted`,
  'interval-confirmed': (details) => `Interval of ${lengthIn(details)} confirmed`,
  'clock-off': ({ offset_ms: offset }) =>
    typeof offset === 'number' ? `Clock off by ${duration(offset / 1_000)}` : 'Clock off',
  'clock-right': () => 'Clock right again',
};

/** How grave an event is: `bad` and `warn` look it. */
export type Weight = 'plain' | 'warn' | 'bad';

const weights: Readonly<Record<string, Weight>> = { lost: 'bad', disconnected: 'warn', 'clock-off': 'warn' };

/** What happened, in words. Events that are not known here are called as in the log. */
export function eventWords({ event, details }: UnitEvent): string {
  return words[event]?.(details) ?? sentence(event);
}

export function weightOf({ event }: UnitEvent): Weight {
  return weights[event] ?? (/refused|failed|dropped|^bad-/.test(event) ? 'warn' : 'plain');
}

/** The other fields of the line: `reason idle, peer 192.0.2.7`. */
export function detailWords({ details }: UnitEvent): string {
  return Object.entries(details)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${String(value)}`)
    .join(', ');
}

function lengthIn({ interval }: Details): string {
  return typeof interval === 'number' ? duration(interval) : 'unknown length';
}

function sentence(event: string): string {
  const text = event.replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
