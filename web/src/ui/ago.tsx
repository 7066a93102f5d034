import type { JSX } from 'preact';
import { ago } from '../format/times.ts';
import { second } from '../live/second.ts';
import { When } from './when.tsx';

/** Below it, an age that changes each second says less than that it is short. */
const nowMsMax = 3_000;

/** How long ago something was by the server's clock, growing with it; the time itself on hover. */
export function Ago({ ms }: { readonly ms: number }): JSX.Element {
  const elapsedMs = second.value - ms;
  return <When ms={ms}>{elapsedMs < nowMsMax ? 'now' : ago(elapsedMs)}</When>;
}
