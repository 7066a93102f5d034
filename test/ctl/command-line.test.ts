import { describe, expect, test } from 'vitest';
import { apiUrl, intervalSeconds, stepLengthMs, timeMs, timeoutMs } from '../../src/app/ctl/arguments.ts';
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
    [
      'history db --from 0 --to 7200000',
      {
        type: 'history',
        name: 'db',
        sensor: undefined,
        id: undefined,
        fromMs: 0,
        toMs: 7_200_000,
        stepMs: undefined,
        json: false,
      },
    ],
    [
      'history 007 --sensor disk --id / --to 1970-01-01T04:00:00Z --step 90s --json',
      {
        type: 'history',
        name: '007',
        sensor: 'disk',
        id: '/',
        fromMs: 7_200_000,
        toMs: 14_400_000,
        stepMs: 90_000,
        json: true,
      },
    ],
    ['export --json', { type: 'export', name: undefined, fromMs: undefined, toMs: undefined, format: 'ndjson' }],
    ['--json export', { type: 'export', name: undefined, fromMs: undefined, toMs: undefined, format: 'ndjson' }],
    [
      'export --unit 007 --from 1000 --to 1970-01-01T00:00:02Z --csv',
      { type: 'export', name: '007', fromMs: 1000, toMs: 2000, format: 'csv' },
    ],
    ['top', { type: 'top', sort: 'worst', filter: '', once: false, everyMs: 5_000, json: false }],
    [
      'top --sort cpu_temp --filter site=berlin --once --every 0.5 --json',
      { type: 'top', sort: 'cpu_temp', filter: 'site=berlin', once: true, everyMs: 500, json: true },
    ],
    ['tag 007', { type: 'tag', name: '007', changes: [], json: false }],
    [
      'tag all site=berlin rack- a=b=c -- x=-',
      {
        type: 'tag',
        name: undefined,
        changes: [
          { name: 'site', value: 'berlin' },
          { name: 'rack', value: undefined },
          { name: 'a', value: 'b=c' },
          { name: 'x', value: '-' },
        ],
        json: false,
      },
    ],
    ['tag db a=1 --json', { type: 'tag', name: 'db', changes: [{ name: 'a', value: '1' }], json: true }],
    [
      'page --unit 007 --from 1000 --to 1970-01-01T00:00:02Z --out f.html',
      { type: 'page', out: 'f.html', unit: '007', fromMs: 1_000, toMs: 2_000 },
    ],
    ['page --unit db --to 86400000 --out -', { type: 'page', out: '-', unit: 'db', fromMs: 0, toMs: 86_400_000 }],
    ['store check', { type: 'store', task: { type: 'check' }, dataDir: undefined, json: false }],
    ['store --data-dir /d check --json', { type: 'store', task: { type: 'check' }, dataDir: '/d', json: true }],
    ['store salvage', { type: 'store', task: { type: 'salvage', into: undefined }, dataDir: undefined, json: false }],
    [
      'store salvage --data-dir /d --into /new',
      { type: 'store', task: { type: 'salvage', into: '/new' }, dataDir: '/d', json: false },
    ],
    ['machines', { type: 'machines', task: { type: 'list' }, json: false }],
    ['machines list --json', { type: 'machines', task: { type: 'list' }, json: true }],
    ['machines approve 007', { type: 'machines', task: { type: 'approve', name: '007' }, json: false }],
    ['machines revoke key:-a', { type: 'machines', task: { type: 'revoke', name: 'key:-a' }, json: false }],
    ['machines rename a b', { type: 'machines', task: { type: 'rename', name: 'a', newName: 'b' }, json: false }],
    ['token', { type: 'token', task: { type: 'list' }, json: false }],
    [
      'token new',
      { type: 'token', task: { type: 'new', uses: 1, expiresMs: 3_600_000, host: undefined }, json: false },
    ],
    [
      'token new --uses 10000 --expires 30d --host [::1]',
      { type: 'token', task: { type: 'new', uses: 10_000, expiresMs: 2_592_000_000, host: '::1' }, json: false },
    ],
    ['token revoke id:-x', { type: 'token', task: { type: 'revoke', id: '-x' }, json: false }],
    ['user', { type: 'user', task: { type: 'list' }, dataDir: undefined, json: false }],
    [
      'user add a --data-dir /d --scope operate',
      { type: 'user', task: { type: 'add', name: 'a', scope: 'operate' }, dataDir: '/d', json: false },
    ],
    ['user passwd a', { type: 'user', task: { type: 'passwd', name: 'a' }, dataDir: undefined, json: false }],
    [
      'user scope a read',
      { type: 'user', task: { type: 'scope', name: 'a', scope: 'read' }, dataDir: undefined, json: false },
    ],
    [
      'api-token new wall --expires 12h',
      {
        type: 'api-token',
        task: { type: 'new', name: 'wall', scope: 'read', expiresMs: 43_200_000 },
        dataDir: undefined,
        json: false,
      },
    ],
    [
      'api-token new wall --scope admin --expires never',
      {
        type: 'api-token',
        task: { type: 'new', name: 'wall', scope: 'admin', expiresMs: undefined },
        dataDir: undefined,
        json: false,
      },
    ],
    ['audit', { type: 'audit', task: { type: 'show', count: 50 }, dataDir: undefined, json: false }],
    ['audit --last 1 --data-dir /d', { type: 'audit', task: { type: 'show', count: 1 }, dataDir: '/d', json: false }],
    ['audit verify', { type: 'audit', task: { type: 'verify' }, dataDir: undefined, json: false }],
    ['store backup f', { type: 'store', task: { type: 'backup', file: 'f' }, dataDir: undefined, json: false }],
  ] as const)('%s is understood', async ([line, command]) => {
    expect(await read(line)).toEqual({ type: 'run', command, api: { url: new URL('http://127.0.0.1:8080/') } });
  });

  test('takes the API from the flag, then from the environment', async () => {
    const env = { TELEMETRY_API: 'https://hub.example/telemetry' };
    expect(await read('units', env)).toMatchObject({ api: { url: new URL('https://hub.example/telemetry/') } });
    expect(await read('units --api http://[::1]:9', env)).toMatchObject({ api: { url: new URL('http://[::1]:9/') } });
    expect(await read('units', { TELEMETRY_API: '' })).toMatchObject({
      api: { url: new URL('http://127.0.0.1:8080/') },
    });
  });

  test.for([
    ['', 'There is no command'],
    ['unit', 'Not enough'],
    ['unit a b', 'Unknown argument: b'],
    ['unis a', 'There is no command "unis"; did you mean units?'],
    [
      'record db',
      'There is no command "record"; the commands are units, unit, interval, tail, top, history, export, tag, page, machines, token, user, api-token, audit, store, completion',
    ],
    ['history', 'Not enough non-option arguments'],
    ['history a b', 'Unknown argument: b'],
    ['history db --csv', 'Unknown argument: csv'],
    ['history db --from', 'Not enough arguments following: from'],
    ['history db --from tomorrow', '--from is "tomorrow"; it is a time such as 2026-11-21T10:00:00Z'],
    ['history db --from now', '--from is not before --to.'],
    ['history db --from 2 --to 1', '--from is not before --to.'],
    ['history db --step 1ns', '--step "1ns" is no length of time; it is written for example 30s, 1m, 2h or 1d'],
    [
      'history db --step 0.5',
      '--step "0.5" is below the shortest step of 1 s; leave it out for the readings themselves',
    ],
    ['history db --step -1m', '--step "-1m" is below the shortest step of 1 s'],
    ['history db --step 53w', '--step "53w" is above the longest step of 366 d; choose a shorter one'],
    ['history db --step NaN', '--step "NaN" is no length of time'],
    ['export', 'export needs one of --json and --csv.'],
    ['export --json --csv', 'export needs one of --json and --csv.'],
    ['export bench-03 --json', 'Unknown argument: bench-03'],
    ['export --json --from yesterday', '--from is "yesterday"; it is a time such as 2026-11-21T10:00:00Z'],
    ['export --json --to 2h', '--to is "2h"; it is a time such as'],
    ['export --json --from', 'Not enough arguments following: from'],
    ['export --json --from -1h --to -2h', '--from is not before --to.'],
    ['export --json --from 5 --to 5', '--from is not before --to.'],
    ['top --sort heat', 'Given: "heat", Choices: "worst", "name", "cpu_temp"'],
    ['top --every 0.4', '--every is "0.4"; it is a number of seconds from 0.5 to 86400'],
    ['top --every 1e1', '--every is "1e1"'],
    ['top --every 86401', '--every is "86401"'],
    ['top --filter', 'Not enough arguments following: filter'],
    ['top db', 'Unknown argument: db'],
    ['tag', 'Not enough non-option arguments'],
    ['tag db site', '"site" is no change of a tag; write NAME=VALUE, or NAME- to take it off.'],
    ['tag db site=', '"site=" is no change of a tag'],
    ['tag db =berlin', '"=berlin" is no change of a tag'],
    ['tag db a=1 -- -', '"-" is no change of a tag'],
    ['page', 'Missing required argument: out'],
    ['page --out', 'Not enough arguments following: out'],
    ['page --out f --from -1d', '--from and --to are of the charts of one unit: add --unit NAME.'],
    ['page --out f --to -1d', '--from and --to are of the charts of one unit: add --unit NAME.'],
    ['page --out f --unit db --from 2 --to 1', '--from is not before --to.'],
    ['store', 'What about the store: check, salvage, backup or compact?'],
    ['store chekc', 'Unknown argument: chekc'],
    ['store backup', 'Not enough non-option arguments'],
    ['store check --into x', 'Unknown argument: into'],
    ['store check --data-dir ~/x', '--data-dir is "~/x"; ~ is not expanded here'],
    ['machines aprove x', 'Unknown argument'],
    ['machines approve', 'Not enough non-option arguments'],
    ['machines rename a', 'Not enough non-option arguments'],
    ['token new --uses 0', '--uses is "0"; it is a whole number from 1 to 10000.'],
    ['token new --uses 10001', '--uses is "10001"; it is a whole number from 1 to 10000.'],
    ['token new --uses 1.5', '--uses is "1.5"; it is a whole number'],
    ['token new --expires 31d', '--expires is "31d"; it is a length of time from 1s to 30d, for example 30m, 1h or 7d'],
    ['token new --expires 0s', '--expires is "0s"; it is a length of time'],
    ['token new --expires 60', '--expires is "60"; it is a length of time'],
    ['token new --expires never', '--expires is "never"; it is a length of time'],
    ['token new --host a:1', '--host is "a:1"; it is a host name or an address without a port'],
    ['user add a --scope god', 'Given: "god", Choices: "read", "operate", "admin"'],
    ['user scope a', 'Not enough non-option arguments'],
    ['api-token new a --expires 3651d', '--expires is "3651d"; it is a length of time from 1s to 3650d'],
    ['audit --last 0', '--last is "0"; it is a whole number from 1 to 100000.'],
    ['audit verfy', 'Unknown argument: verfy'],
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

  test('of a flag that is given twice the last one counts', async () => {
    for (const words of ['units', 'tag db a=1'])
      expect(await read(`${words} --api http://a --json --api http://b --json`)).toMatchObject({
        command: { json: true },
        api: { url: new URL('http://b/') },
      });
  });

  test('says where a wrong address came from', async () => {
    await expect(read('units', { TELEMETRY_API: 'nonsense' })).rejects.toThrow('TELEMETRY_API is "nonsense');
  });

  test('has help with examples', async () => {
    const { exitCode, stdout } = await run('--help');
    expect(exitCode).toBe(0);
    for (const text of [
      'telemetryctl units',
      'telemetryctl tail [name]',
      'telemetryctl history <name>',
      'Examples:',
      'Exit codes:',
      'TELEMETRY_API',
    ]) {
      expect(stdout).toContain(text);
    }
    expect((await run('interval --help')).stdout).toContain('--no-wait');
    const { stdout: ofExport } = await run('export --help');
    for (const text of ['unit after unit by name', '--from', '-2h', 'by the clock of their unit'])
      expect(ofExport.replaceAll(/\s+/g, ' ')).toContain(text);
    const { stdout: ofHistory } = await run('history --help');
    for (const text of [
      '--sensor',
      '--id',
      '--from',
      '--to',
      '--step',
      '1m',
      'about 60 steps',
      'time zone of this machine',
    ])
      expect(ofHistory.replaceAll(/\s+/g, ' ')).toContain(text);
    const { stdout: ofStore } = await run('store --help');
    expect((await run('top --help')).stdout.replaceAll(/\s+/g, ' ')).toContain('Enter opens a unit with its plots');
    expect((await run('tag --help')).stdout).toContain('tag bench-03 site=berlin rack=4');
    expect((await run('page --help')).stdout).toContain('--out fleet.html');
    expect((await run('machines --help')).stdout).toContain('key:Ab3dEf');
    expect((await run('token new --help')).stdout).toContain('--expires');
    expect((await run('user --help')).stdout).toContain('admin says who may do what too');
    for (const text of ['store check', 'store salvage', 'store backup <file>', '--data-dir'])
      expect(ofStore).toContain(text);
  });

  test('tells its version and prints a completion script', async () => {
    expect((await run('--version')).stdout).toMatch(/^telemetryctl \d+\.\d+\.\d+/);
    const { exitCode, stdout } = await run('completion');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('telemetryctl')]);
    expect((await run('--get-yargs-completions telemetryctl u')).stdout.split('\n')).toEqual(
      expect.arrayContaining(['units', 'unit']),
    );
    expect((await run('--get-yargs-completions telemetryctl t')).stdout.split('\n')).toEqual(
      expect.arrayContaining(['tail', 'top', 'tag', 'token']),
    );
  });
});

test('a time is RFC 3339, milliseconds, or so long ago', () => {
  const nowMs = Date.UTC(2026, 10, 21, 10);
  const times = ['-90s', '-5m', '-2h', '-1d', '-1w', '1795255200000', '2026-11-21T11:00:00+01:00', 'now'];
  expect(times.map((text) => nowMs - timeMs(text, '--from', nowMs))).toEqual([
    90_000, 300_000, 7_200_000, 86_400_000, 604_800_000, 0, 0, 0,
  ]);
  expect(timeMs('-999999999w', '--from', nowMs)).toBe(-8.64e15);
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
      for (const parse of [
        intervalSeconds,
        timeoutMs,
        stepLengthMs,
        (value: string) => apiUrl(value, '--api'),
        (value: string) => timeMs(value, '--from', 0),
      ]) {
        try {
          parse(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-usage', exitCode: 2 });
        }
      }
    }),
  );
});
