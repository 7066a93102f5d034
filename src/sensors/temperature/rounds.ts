import type { Clock } from '../../core/clock.ts';
import { CpuChoice } from './choice.ts';
import type { Judgement } from './choice.ts';
import type { TemperatureSource } from './input.ts';

/** A reader that comes later than this after the other one gets values of its own. */
const sharedMsMax = 1_000;

interface Round {
  readonly startedMs: number;
  readonly judgement: Promise<Judgement | undefined>;
  readonly readers: Set<string>;
}

/** One look at all thermometers serves both of a round's readers, the sensors `cpu_temp` and `temp`, in whichever order they come. */
export class TemperatureRounds {
  readonly #source: TemperatureSource;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #choice = new CpuChoice();
  #round: Round | undefined;

  constructor(source: TemperatureSource, clock: Pick<Clock, 'monotonicMs'>) {
    this.#source = source;
    this.#clock = clock;
  }

  /** This round's judgement, which `reader` gets once; undefined where there is no place to look for thermometers. */
  judgement(reader: string): Promise<Judgement | undefined> {
    const nowMs = this.#clock.monotonicMs();
    const round = this.#round;
    if (round !== undefined && !round.readers.has(reader) && nowMs - round.startedMs <= sharedMsMax) {
      round.readers.add(reader);
      return round.judgement;
    }
    const judgement = this.#judge();
    this.#round = { startedMs: nowMs, judgement, readers: new Set([reader]) };
    return judgement;
  }

  /** The judgement of the last round, without a new look. */
  async last(): Promise<Judgement | undefined> {
    return this.#round?.judgement.catch(() => undefined);
  }

  hint(): Promise<string> {
    return this.#source.hint();
  }

  notes(): readonly string[] {
    return this.#source.notes();
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  async #judge(): Promise<Judgement | undefined> {
    const samples = await this.#source.sample();
    return samples === undefined ? undefined : this.#choice.judge(samples);
  }
}
