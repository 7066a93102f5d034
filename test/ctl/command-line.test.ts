import { describe, expect, test } from 'vitest';
import { apiUrl, intervalSeconds, timeoutMs } from '../../src/app/ctl/arguments.ts';
import { readCommandLine } from '../../src/app/ctl/command-line.ts';
import { assert, integer, property, string } from 'fast-check';
import { run } from './run.ts';

const read = (line: string, env: Record<string, string> = {}): ReturnType<typeof readCommandLine> =>
  readCommandLine({ argv: line.split(' ').filter((word) => word !== ''), env, version: '1.2.3' });

describe('the command line', () => {
  test.for([
    ['units', { type: 'units', json: false }],
    ['units --json', { type: 'units', json: true }],
    ['--json units', { type: 'units', json: true }],
    ['unit 007', { type: 'unit', name: '007', json: false }],
    ['unit 0x10', { type: 'unit', name: '0x10', json: false }],
    ['interval db 0.5', { type: 'interval', name: 'db', seconds: 0.5, timeoutMs: 30_000, json: false }],
    ['interval all 5 --timeout 2.5', { type: 'interval', name: undefined, seconds: 5, timeoutMs: 2_500, json: false }],
    ['interval all 5 --no-wait', { type: 'interval', name: undefined, seconds: 5, timeoutMs: undefined, json: false }],
    ['tail', { type: 'tail', name: undefined, json: false }],
    ['tail db --json', { type: 'tail', name: 'db', json: true }],
  ] as const)('%s is understood', async ([line, command]) => {
    expect(await read(line)).toEqual({ type: 'run', command, api: new URL('http://127.0.0.1:8080/') });
  });

  test('takes the API from the flag, then from the environment', async () => {
    const env = { TELEMETRY_API: 'https://hub.example/telemetry' };
    expect(await read('units', env)).toMatchObject({ api: new URL('https://hub.example/telemetry/') });
    expect(await read('units --api http://[::1]:9', env)).toMatchObject({ api: new URL('http://[::1]:9/') });
    expect(await read('units', { TELEMETRY_API: '' })).toMatchObject({ api: new URL('http://127.0.0.1:8080/') });
  });

  test.for([
    ['', 'There is no command'],
    ['unit', 'Not enough'],
    ['unit a b', 'Unknown argument: b'],
    ['unis a', 'There is no command "unis"; did you mean units?'],
    ['history db', 'There is no command "history"; the commands are units, unit, interval, tail, completion'],
    ['units --verbose', 'Unknown argument: verbose'],
    ['units --timeout 3', 'Unknown argument: timeout'],
    ['units --api', 'Not enough arguments following: api'],
    ['interval db', 'Not enough'],
    ['interval db five', '"five" is no interval: SECONDS is a number from 0.1 to 86400 in steps of 0.001'],
    ['interval db 5s', '"5s" is no interval'],
    ['interval db -5', '"-5" is no interval'],
    ['interval db 0.05', 'An interval of 0.05 s is too short'],
    ['interval db 86401', 'An interval of 86401 s is too long'],
    ['interval db 1.0005', 'An interval of 1.0005 s is too fine'],
    ['interval db 5 --timeout soon', '--timeout is "soon"'],
    ['units --api ftp://hub', '--api is "ftp://hub"'],
    ['units --api hub:8080', '--api is'],
    ['units --api http://me:secret@hub', '--api has a user or a password in it'],
  ] as const)('"%s" is refused with exit code 2', async ([line, reason]) => {
    const { exitCode, stdout, stderr } = await run(line);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain('secret');
    expect(stderr).toMatch(/^telemetryctl: .*\[bad-usage\]\n$/s);
  });

  test('says where a wrong address came from', async () => {
    await expect(read('units', { TELEMETRY_API: 'nonsense' })).rejects.toThrow('TELEMETRY_API is "nonsense');
  });

  test('has help with examples, and nothing of later versions in it', async () => {
    const { exitCode, stdout } = await run('--help');
    expect(exitCode).toBe(0);
    for (const text of [
      'telemetryctl units',
      'telemetryctl tail [name]',
      'Examples:',
      'Exit codes:',
      'TELEMETRY_API',
    ]) {
      expect(stdout).toContain(text);
    }
    expect(stdout).not.toMatch(/history|export/);
    expect((await run('interval --help')).stdout).toContain('--no-wait');
  });

  test('tells its version and prints a completion script', async () => {
    expect((await run('--version')).stdout).toMatch(/^telemetryctl \d+\.\d+\.\d+/);
    const { exitCode, stdout } = await run('completion');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('telemetryctl')]);
    expect((await run('--get-yargs-completions telemetryctl u')).stdout.split('\n')).toEqual(
      expect.arrayContaining(['units', 'unit']),
    );
  });
});

test('every interval of whole milliseconds in the range is taken as it is written', () => {
  assert(
    property(integer({ min: 100, max: 86_400_000 }), (ms) => {
      expect(intervalSeconds(String(ms / 1000))).toBe(ms / 1000);
    }),
  );
});

test('any text is a number of seconds, an address, or bad usage', () => {
  assert(
    property(string(), (text) => {
      for (const parse of [intervalSeconds, timeoutMs, (value: string) => apiUrl(value, '--api')]) {
        try {
          parse(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-usage', exitCode: 2 });
        }
      }
    }),
  );
});
