import { expect, test } from 'vitest';
import { reloadServerCommandLine } from '../../src/config/command-line.ts';
import { changesForRestart, isLive } from '../../src/config/live-settings.ts';
import { serverProgram } from '../../src/config/server-program.ts';
import { quiet, serverConfig } from './told.ts';
import { temporaryFolder } from './temporary-file.ts';

const settings = Object.values(serverProgram.settings);

test('what a running server takes over is the level of its log, its certificate, who may register, and the limits', () => {
  const live = settings.map(({ key }) => key).filter(isLive);
  expect(live.filter((key) => !/^(tls|auth|limits)\./.test(key))).toEqual(['log.level']);
  expect(settings.length - live.length).toBe(18);
});

/** A file that says one setting, at its example. */
function fileOf({ key, example }: (typeof settings)[number]): string {
  return `${key}: ${JSON.stringify(example)}\n`;
}

test.each(settings.filter(({ key }) => !key.startsWith('tls.')))(
  'a change of $key is told where it needs a restart',
  async (setting) => {
    const before = await serverConfig([]);
    const cwd = temporaryFolder({ 's.yaml': fileOf(setting) });
    const after = await serverConfig(['--config', 's.yaml'], { cwd });
    expect(after).not.toEqual(before);
    expect(changesForRestart(before, after)).toEqual(isLive(setting.key) ? [] : [setting.key]);
  },
);

test('settings are read again from the file as it is then, and faults are told instead', async () => {
  const cwd = temporaryFolder({ 'right.yaml': 'log.level: debug\n', 'wrong.yaml': 'log.level: loud\nfoo: 1\n' });
  const reload = (file: string) => reloadServerCommandLine({ ...quiet, cwd, argv: ['--config', file] });
  expect(await reload('right.yaml')).toMatchObject({ ok: true, config: { log: { level: 'debug' } } });
  expect(await reload('wrong.yaml')).toEqual({
    ok: false,
    faults: `wrong.yaml:1: log.level is "loud"; it is one of error, warn, info, debug
wrong.yaml:2: foo is not a setting; the settings are listen, http, data_dir, interval, and those in store, udp, tls, auth, http, limits, log`,
  });
});
