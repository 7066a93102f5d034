import type { ReadFile } from './configuration-file.ts';
import { readVariable } from './environment.ts';
import type { Place } from './kind.ts';
import type { Machine } from './machine.ts';
import type { Origin, Origins } from './origin.ts';
import type { Read } from './program.ts';
import { environmentNameOf, flagOf, type Setting } from './setting.ts';
import { shownText } from './shown.ts';

/** All that may say something about a setting. */
export interface Sources {
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly machine: Machine;
  readonly file: ReadFile | undefined;
  /** Of flags and environment. */
  readonly place: Place;
  /** Nothing is missing: what is wanted works without. */
  readonly partial: boolean;
}

/** What was read so far. */
export interface Resolution {
  readonly read: Read;
  readonly origins: Origins;
  /** Lines for a person. */
  readonly faults: readonly string[];
}

/**
 * Reads settings from flag, environment, file and default, the first that says something. A faulty value is a fault even where another
 * source overrules it; in its place the default is given, so that all settings are looked at before anybody is told.
 */
export function resolve({ flags, machine, file, place, partial }: Sources): Resolution {
  const origins = new Map<string, Origin>();
  const faults: string[] = [];
  return { read, origins, faults };

  function read<Value>(setting: Setting<Value>): Value {
    const { key, kind } = setting;
    const faultsBefore = faults.length;
    const flag = flagOf(key);
    const variable = environmentNameOf(key);
    const entry = file?.entries.get(key);
    const found = [
      { origin: { source: 'flag', name: `--${flag}` }, outcome: judge(setting, flags.get(flag), place, `--${flag}`) },
      {
        origin: { source: 'environment', name: variable },
        outcome: judge(setting, readVariable(machine.env, variable, { list: kind.list }), place, variable),
      },
      {
        origin: { source: 'file', file: file?.name ?? '', line: entry?.line ?? 0 },
        outcome: judge(setting, entry?.texts, file?.place ?? place, key),
      },
    ] as const;
    for (const { origin, outcome } of found) {
      if (outcome === undefined) continue;
      origins.set(key, origin);
      return outcome.value;
    }
    const value = 'of' in setting.default ? setting.default.of(machine) : setting.default.value;
    origins.set(key, { source: 'default' });
    // A file that is wrong may well have meant to give it.
    const excused = partial || faults.length > faultsBefore || (file !== undefined && file.faults.length > 0);
    if (!excused && setting.missing?.is(value) === true) {
      faults.push(
        `--${flag} is missing: ${setting.missing.because}; give it, or ${variable}, or ${key} in the configuration file`,
      );
    }
    return value;
  }

  /** The value that `texts` say; undefined where there are none or they are wrong. */
  function judge<Value>(
    { kind, secret }: Setting<Value>,
    texts: readonly string[] | undefined,
    place: Place,
    subject: string,
  ): { readonly value: Value } | undefined {
    if (texts === undefined) return undefined;
    if (!kind.list && texts.length > 1) {
      faults.push(`${subject} is given ${texts.length} times; give it once`);
      return undefined;
    }
    const outcome = kind.read(texts, place);
    if (outcome.ok) return outcome;
    for (const { index, fault } of outcome.faults) {
      faults.push(`${subject} is ${secret === true ? '***' : shownText(texts[index ?? 0] ?? '')}; ${fault}`);
    }
    return undefined;
  }
}
