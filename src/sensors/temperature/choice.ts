import { unreachable } from '../../core/assert.ts';
import { cpuRules, kindOf } from './cpu-rules.ts';
import type { InputKind } from './cpu-rules.ts';
import type { TemperatureInput, TemperatureSample } from './input.ts';
import { implausible } from './plausibility.ts';

/** Rounds that another sensor must be the better one, or the chosen one silent, before the choice changes. */
export const roundsToSwitch = 3;

/** What one round says of one input. `cpu`: it is the CPU's. `other`: it is sent, but is not. */
export type JudgedInput =
  | {
      readonly verdict: 'cpu';
      readonly input: TemperatureInput;
      readonly celsius: number;
      /** What was chosen and from where, within the limit of a reading's `source`. */
      readonly source: string;
    }
  | { readonly verdict: 'other'; readonly input: TemperatureInput; readonly celsius: number }
  | { readonly verdict: 'refused'; readonly input: TemperatureInput; readonly celsius: number; readonly reason: string }
  | { readonly verdict: 'failed'; readonly input: TemperatureInput; readonly reason: string };

export interface Judgement {
  /** All inputs, in the order of the samples. */
  readonly inputs: readonly JudgedInput[];
  /** `none`: no input is the CPU's. `silent`: the chosen ones gave nothing this round, and may yet come back. */
  readonly cpu: 'chosen' | 'none' | 'silent';
  /** The index in `cpuRules` of the rule that was chosen; undefined for `none`. */
  readonly rule: number | undefined;
  /** The chosen ones' `id`s, as of the last round in which they gave something. */
  readonly chosenIds: readonly string[];
}

interface Chosen {
  readonly rule: number;
  /** Where the rule takes a single input: which one. */
  readonly id: string | undefined;
}

interface Usable extends Chosen {
  readonly celsius: number;
}

/**
 * Chooses the CPU's inputs: those of the best rule of `cpuRules` that have a plausible value. One input a package, so a machine
 * of two sockets has two. The choice stays until another has been better, or it has been silent, for `roundsToSwitch` rounds.
 */
export class CpuChoice {
  #chosen: Chosen | undefined;
  #chosenIds: readonly string[] = [];
  #silentRounds = 0;
  #betterRounds = 0;
  /** The first value of each input, or `moved` once it has shown another. */
  readonly #seen = new Map<string, number | 'moved'>();
  readonly #kinds = new WeakMap<TemperatureInput, InputKind>();

  judge(samples: readonly TemperatureSample[]): Judgement {
    const refusals = samples.map((sample) => this.#refusal(sample));
    const usable = new Map<string, Usable>();
    for (const [index, sample] of samples.entries()) {
      const kind = this.#kind(sample.input);
      if (sample.type !== 'value' || kind.name !== 'cpu' || refusals[index] !== undefined) continue;
      const id = cpuRules[kind.rule]?.single === true ? sample.input.id : undefined;
      usable.set(sample.input.id, { rule: kind.rule, id, celsius: sample.celsius });
    }
    this.#choose([...usable.values()]);

    const chosen = this.#chosen;
    const members = new Set<string>();
    let hottest = Number.NEGATIVE_INFINITY;
    for (const [id, candidate] of usable) {
      if (chosen === undefined || !belongs(candidate, chosen)) continue;
      members.add(id);
      hottest = Math.max(hottest, candidate.celsius);
    }
    const what = ruleName(chosen?.rule);
    const inputs = samples.map((sample, index): JudgedInput => {
      const { input } = sample;
      if (sample.type === 'failed') return { input, verdict: 'failed', reason: sample.reason };
      const { celsius } = sample;
      const refusal = refusals[index];
      if (refusal !== undefined) return { input, celsius, verdict: 'refused', reason: refusal };
      if (!members.has(input.id)) return { input, celsius, verdict: 'other' };
      const which = members.size > 1 && celsius === hottest ? `${what}, hottest of ${members.size}` : what;
      return { input, celsius, verdict: 'cpu', source: `${input.where}: ${which}` };
    });
    if (chosen === undefined) return { inputs, cpu: 'none', rule: undefined, chosenIds: [] };
    if (members.size > 0) this.#chosenIds = [...members];
    return { inputs, cpu: members.size > 0 ? 'chosen' : 'silent', rule: chosen.rule, chosenIds: this.#chosenIds };
  }

  #choose(usable: readonly Usable[]): void {
    let best: Usable | undefined;
    for (const candidate of usable) if (best === undefined || candidate.rule < best.rule) best = candidate;
    const chosen = this.#chosen;
    const silent = chosen === undefined || !usable.some((candidate) => belongs(candidate, chosen));
    this.#silentRounds = silent ? this.#silentRounds + 1 : 0;
    this.#betterRounds = !silent && best !== undefined && best.rule < chosen.rule ? this.#betterRounds + 1 : 0;
    if (chosen !== undefined && this.#silentRounds < roundsToSwitch && this.#betterRounds < roundsToSwitch) return;
    this.#chosen = best === undefined ? undefined : { rule: best.rule, id: best.id };
    this.#silentRounds = 0;
    this.#betterRounds = 0;
  }

  #refusal(sample: TemperatureSample): string | undefined {
    if (sample.type !== 'value') return undefined;
    const { input, celsius } = sample;
    const first = this.#seen.get(input.id);
    if (first === undefined) this.#seen.set(input.id, celsius);
    else if (first !== celsius) this.#seen.set(input.id, 'moved');
    return implausible(input, celsius, this.#seen.get(input.id) === 'moved');
  }

  #kind(input: TemperatureInput): InputKind {
    let kind = this.#kinds.get(input);
    if (kind === undefined) {
      kind = kindOf(input);
      this.#kinds.set(input, kind);
    }
    return kind;
  }
}

function belongs(candidate: Chosen, chosen: Chosen): boolean {
  return candidate.rule === chosen.rule && candidate.id === chosen.id;
}

function ruleName(rule: number | undefined): string {
  return rule === undefined ? '' : (cpuRules[rule]?.what ?? '');
}

/** Why an input got its verdict, for a person. */
export function reasonFor(judged: JudgedInput, { rule: chosen }: Judgement): string {
  switch (judged.verdict) {
    case 'cpu':
      return `the CPU's: ${judged.source.slice(judged.input.where.length + 2)}`;
    case 'other':
      return whyNotCpu(kindOf(judged.input), chosen);
    case 'refused':
    case 'failed':
      return judged.reason;
    default:
      return unreachable(judged);
  }
}

function whyNotCpu(kind: InputKind, chosen: number | undefined): string {
  if (kind.name === 'other') return kind.what;
  if (kind.name === 'unknown' || chosen === undefined) return "not known to be the CPU's";
  const what = ruleName(kind.rule);
  if (kind.rule === chosen) return `another ${what}; the first plausible one is taken`;
  if (kind.rule < chosen) return `the CPU's (${what}), taken once it has lasted`;
  return `the CPU's (${what}), but ${ruleName(chosen)} is better`;
}
