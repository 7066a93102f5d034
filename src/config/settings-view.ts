import { isLive } from './live-settings.ts';
import type { Origin, Origins } from './origin.ts';
import type { Program, Read } from './program.ts';
import { unreachable } from '../core/assert.ts';
import { defaultText, type Setting } from './setting.ts';

/** A setting of a running server, as people are shown it. */
export interface SettingInForce {
  readonly key: string;
  /** As one would write it, a list with commas; `***` of a secret; in words where it is unset. */
  readonly value: string;
  /** `default`, `--flag`, `TELEMETRY_VARIABLE`, or `file.yaml:12`. */
  readonly source: string;
  /** Whether SIGHUP takes up a change of it. */
  readonly live: boolean;
  readonly description: string;
}

/** The settings of a server in the order of the documentation, from what `config print` prints: text alone, so that nothing is held but what is shown. */
export function settingsInForce(
  program: Program<unknown>,
  { read, origins }: { readonly read: Read; readonly origins: Origins },
): readonly SettingInForce[] {
  return Object.values(program.settings).map((setting) => ({
    key: setting.key,
    value: setting.secret === true ? '***' : valueText(setting, read),
    source: sourceText(origins.get(setting.key) ?? { source: 'default' }),
    live: isLive(setting.key),
    description: setting.description,
  }));
}

/** What is in force once a running server has taken up others: of those that it can change, `after`; of the rest what it began with. */
export function settingsTakenUp(
  before: readonly SettingInForce[],
  after: readonly SettingInForce[],
): readonly SettingInForce[] {
  const changed = new Map(after.map((setting) => [setting.key, setting]));
  return before.map((setting) => (setting.live ? (changed.get(setting.key) ?? setting) : setting));
}

function valueText(setting: Setting<unknown>, read: Read): string {
  const text = [setting.kind.write(read(setting)) ?? []].flat().join(',');
  // An empty list is no value either.
  return text === '' ? defaultText(setting) : text;
}

function sourceText(origin: Origin): string {
  switch (origin.source) {
    case 'flag':
    case 'environment':
      return origin.name;
    case 'file':
      return `${origin.file.replaceAll(/\p{Cc}/gu, '?')}:${origin.line}`;
    case 'default':
      return 'default';
    default:
      return unreachable(origin);
  }
}
