import type { JSX } from 'preact';
import { localTime, utcTime } from '../format/times.ts';

/** A time in the reader's zone, in UTC on hover. */
export function When({ ms, children }: { readonly ms: number; readonly children?: string }): JSX.Element {
  return (
    <time dateTime={new Date(ms).toISOString()} title={`${localTime(ms)}\n${utcTime(ms)}`}>
      {children ?? localTime(ms)}
    </time>
  );
}
