import { stringify } from 'yaml';
import { unreachable } from '../core/assert.ts';
import type { Plain } from './kind.ts';
import type { Origin, Origins } from './origin.ts';
import type { Program, Read } from './program.ts';
import { defaultText, type Setting } from './setting.ts';
import { groupOf, isWrittenOut } from './setting-groups.ts';

/** The effective configuration as a YAML file that says the same, each value with its origin. Secrets are `***`. */
export function effectiveYaml(
  program: Program<unknown>,
  { read, origins }: { readonly read: Read; readonly origins: Origins },
): string {
  const lines = [`# The effective configuration of ${program.name}`];
  const settings = Object.values(program.settings);
  const isAtTop = ({ key }: Setting<unknown>): boolean => !key.includes('.') || isWrittenOut(key, program.settings);
  for (const setting of settings) {
    if (isAtTop(setting)) lines.push(...linesOf(setting, { indent: '', name: setting.key }));
  }
  const inside = settings.filter((setting) => !isAtTop(setting));
  for (const group of new Set(inside.map(({ key }) => groupOf(key)))) {
    lines.push(`${group}:`);
    for (const setting of inside) {
      const name = setting.key.slice(group.length + 1);
      if (groupOf(setting.key) === group) lines.push(...linesOf(setting, { indent: '  ', name }));
    }
  }
  return `${lines.join('\n')}\n`;

  function linesOf(
    setting: Setting<unknown>,
    { indent, name }: { readonly indent: string; readonly name: string },
  ): readonly string[] {
    const written = setting.kind.write(read(setting));
    const value = setting.secret === true ? '***' : written;
    const comment = originText(origins.get(setting.key) ?? { source: 'default' });
    // An empty list is no value of a file either.
    if (value === undefined || (typeof value === 'object' && value.length === 0))
      return [`${indent}# ${name}: ${defaultText(setting)} # ${comment}`];
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
