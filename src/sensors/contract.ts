import type { Reading } from '../core/reading.ts';

/** Something that this machine has and that the last round of a sensor could not send, or would not. */
export interface Omission {
  /** The `id` that its reading would have carried. */
  readonly id: string;
  /** Why, for a person. */
  readonly reason: string;
  /** `failed`: it should work and did not, a warning. `refused`: it answers, but not with a measurement; no cause for alarm. */
  readonly kind: 'failed' | 'refused';
}

/** One kind of measurement. Timing, time-outs and logging belong to its runner in client/. */
export interface Sensor {
  /** The kind that its readings carry in `sensor`. */
  readonly name: string;
  /**
   * `'absent'`: not on this machine. A throw: it is there and broken. An aborted `signal` only ends the caller's wait. One
   * call at a time: the runner starts no second one before the first has settled.
   */
  read(signal: AbortSignal): Promise<readonly Reading[] | 'absent'>;
  /** Once `read` has said `'absent'`: a sentence for a person about what would help. */
  readonly hint?: string | undefined;
  /** What the last settled `read` left out. The same one comes every round: its runner logs changes only. */
  omissions?(): readonly Omission[];
  /** Lets go of what `read` keeps open between rounds. Nothing is read afterwards. */
  close?(): Promise<void>;
}
