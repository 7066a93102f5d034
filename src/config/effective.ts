import { stringify } from 'yaml';
import { unreachable } from '../core/assert.ts';
import type { Plain } from './kind.ts';
import type { Origin, Origins } from './origin.ts';
import type { Program, Read } from './program.ts';
import { defaultText, type Setting } from './setting.ts';

/** The effective configuration as a YAML file that says the same, each value with its origin. Secrets are `***`. */
export function effectiveYaml(
  program: Program<unknown>,
  { read, origins }: { readonly read: Read; readonly origins: Origins },
): string {
  const lines = [`# The effective configuration of ${program.name}`];
  const settings = Object.values(program.settings);
  for (const setting of settings) {
    if (!setting.key.includes('.')) lines.push(...linesOf(setting, ''));
  }
  for (const group of new Set(
    settings.flatMap(({ key }) => (key.includes('.') ? [key.slice(0, key.indexOf('.'))] : [])),
  )) {
    lines.push(`${group}:`);
    for (const setting of settings) {
      if (setting.key.startsWith(`${group}.`)) lines.push(...linesOf(setting, '  '));
    }
  }
  return `${lines.join('\n')}\n`;

  function linesOf(setting: Setting<unknown>, indent: string): readonly string[] {
    const name = setting.key.slice(setting.key.indexOf('.') + 1);
    const written = setting.kind.write(read(setting));
    const value = setting.secret === true ? '***' : written;
    const comment = originText(origins.get(setting.key) ?? { source: 'default' });
    if (value === undefined) return [`${indent}# ${name}: ${defaultText(setting)} # ${comment}`];
    if (typeof value !== 'object') return [`${indent}${name}: ${scalar(value)} # ${comment}`];
    return [`${indent}${name}: # ${comment}`, ...value.map((item) => `${indent}  - ${scalar(item)}`)];
  }
}

/** An origin in words: `flag --interval`. */
export function originText(origin: Origin): string {
  switch (origin.source) {
    case 'flag':
    case 'environment':
      return `${origin.source} ${origin.name}`;
    case 'file':
      return `file ${origin.file.replaceAll(/\p{Cc}/gu, '?')}:${origin.line}`;
    case 'default':
      return 'default';
    default:
      return unreachable(origin);
  }
}

function scalar(value: Plain): string {
  return stringify(value, { lineWidth: 0, blockQuote: false, doubleQuotedMinMultiLineLength: 1e6 }).trimEnd();
}
