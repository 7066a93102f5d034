import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SettingView } from '../../src/api/contract.ts';
import { reloadServerCommandLine, type RunServerCommand } from '../../src/config/command-line.ts';
import { one } from '../../src/config/kind.ts';
import { path } from '../../src/config/kinds/path.ts';
import { isLive } from '../../src/config/live-settings.ts';
import { resolve } from '../../src/config/resolve.ts';
import { serverProgram } from '../../src/config/server-program.ts';
import type { Setting } from '../../src/config/setting.ts';
import { settingsInForce, settingsTakenUp } from '../../src/config/settings-view.ts';
import { quiet, server } from './told.ts';
import { temporaryFolder } from './temporary-file.ts';

async function running(argv: readonly string[], rest: Parameters<typeof server>[1] = {}): Promise<RunServerCommand> {
  const command = await server(argv, rest);
  if (command.type !== 'run') throw new Error(`${command.type} instead of run`);
  return command;
}

/** Value and source of each setting that is not as it is by default. */
function said(settings: readonly SettingView[]): Readonly<Record<string, readonly string[]>> {
  const given = settings.filter(({ source }) => source !== 'default');
  return Object.fromEntries(given.map(({ key, value, source }) => [key, [value, source]]));
}

test('a server knows each of its settings, in order, with its sentence and whether it takes up a change', async () => {
  const { settings } = await running([]);
  const table = Object.values(serverProgram.settings);
  expect(settings.map(({ key, description, live }) => [key, description, live])).toEqual(
    table.map(({ key, description }) => [key, description, isLive(key)]),
  );
});

test('a setting is shown as one would write it, with the flag, the variable or the line that says it', async () => {
  const cwd = temporaryFolder({ 's.yaml': '\nlog:\n  level: debug\nhttp.hosts: [hub.example, hub]\n' });
  const argv = ['--config', 's.yaml', '--listen', 'tcp://a:1', '--listen', 'tls://[::]:2', '--http=off'];
  const { settings } = await running(argv, { cwd, env: { TELEMETRY_STORE_BUDGET: '1073741824' } });
  expect(said(settings)).toEqual({
    listen: ['tcp://a:1,tls://[::]:2', '--listen'],
    http: ['off', '--http'],
    'store.budget': ['1GiB', 'TELEMETRY_STORE_BUDGET'],
    'http.hosts': ['hub.example,hub', 's.yaml:4'],
    'log.level': ['debug', 's.yaml:3'],
  });
});

test('a setting that nobody has said is shown with its default, in words where there is no value', async () => {
  const { settings } = await running([]);
  const values = Object.fromEntries(settings.map(({ key, value, source }) => [key, [value, source]]));
  expect(values).toMatchObject({
    listen: ['tcp://[::]:34567,tls://[::]:34568', 'default'],
    interval: ['10', 'default'],
    'http.insecure': ['false', 'default'],
    'http.hosts': ['none', 'default'],
    'log.file': ['none', 'default'],
    'log.format': ['pretty on a terminal, json elsewhere', 'default'],
  });
  expect(settings.filter(({ value }) => value === '')).toEqual([]);
});

test('a secret is ***, whether somebody has said it or not', () => {
  const secret: Setting<string> = {
    key: 'token',
    kind: one(path('FILE')),
    description: 'A secret.',
    default: { value: '' },
    example: 'x',
    secret: true,
  };
  const program = { ...serverProgram, settings: { secret } };
  const place = { resolvePath: (text: string) => text };
  const sources = { machine: { ...quiet, unitName: '' }, file: undefined, place, partial: false };
  for (const flags of [new Map(), new Map([['token', ['hunter2']]])]) {
    const shown = settingsInForce(program, resolve({ ...sources, flags }));
    expect(shown).toMatchObject([{ key: 'token', value: '***' }]);
    expect(JSON.stringify(shown)).not.toContain('hunter2');
  }
});

test('the name of a file is one line', async () => {
  const cwd = temporaryFolder({ 'a\nb.yaml': 'interval: 5\n' });
  const { settings } = await running(['--config', 'a\nb.yaml'], { cwd });
  expect(said(settings)).toEqual({ interval: ['5', 'a?b.yaml:1'] });
});

test('what a reload takes up is shown as it is now, and what needs a restart as it was at the start', async () => {
  const cwd = temporaryFolder({ 's.yaml': 'interval: 5\nlimits.units: 7\n' });
  const argv = ['--config', 's.yaml'];
  const before = await running(argv, { cwd });
  writeFileSync(join(cwd, 's.yaml'), '# later\ninterval: 6\nlog.level: debug\nauth.mode: token\n');
  const after = await reloadServerCommandLine({ ...quiet, cwd, argv });
  if (!after.ok) throw new Error(after.faults);
  const now = settingsTakenUp(before.settings, after.settings);
  expect(said(now)).toEqual({
    interval: ['5', 's.yaml:1'],
    'auth.mode': ['token', 's.yaml:4'],
    'log.level': ['debug', 's.yaml:3'],
  });
  expect(now.map(({ key }) => key)).toEqual(before.settings.map(({ key }) => key));
});
