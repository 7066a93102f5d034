import { expect, test } from 'vitest';
import { client, refusal, server, serverConfig } from './told.ts';
import { temporaryFolder } from './temporary-file.ts';

/** The lines that refuse a server's file. */
async function faults(content: string | Uint8Array): Promise<readonly string[]> {
  const cwd = temporaryFolder({ 's.yaml': content });
  const { code, lines } = await refusal(server(['--config', 's.yaml'], { cwd }));
  expect(code).toBe('bad-configuration');
  return lines;
}

test('every fault of a file is told, in the order of the file, with what would be right', async () => {
  const file = `listne:
  - a
listen:
  - tcp://[::]:1
  - 5
  - foo
http: "8080"
interval: "10"
intervall: 3
log:
  level: loud
  lvl: x
  files: 0
  file: 17
level: info
udp: 5
data_dir:
zzz: 1
`;
  expect(await faults(file)).toEqual([
    's.yaml:1: listne is not a setting; did you mean listen?',
    's.yaml:5: listen[1] is 5; it is tcp://HOST:PORT or tls://HOST:PORT, such as tls://[::]:34568',
    's.yaml:7: http is "8080"; the port is missing: HOST:PORT',
    's.yaml:8: interval is "10"; it is a number of seconds from 0.1 to 86400; write it without quotes',
    's.yaml:9: intervall is not a setting; did you mean interval?',
    's.yaml:11: log.level is "loud"; it is one of error, warn, info, debug',
    's.yaml:12: log.lvl is not a setting; did you mean log.level?',
    's.yaml:13: log.files is 0; the lowest number of files is 1',
    's.yaml:14: log.file is 17; it is the path of a file; write it in quotes',
    's.yaml:15: level is not a setting; did you mean log.level?',
    's.yaml:16: udp is 5; it is a group of settings: allow_other_address',
    's.yaml:17: data_dir is empty; it is the path of a folder',
    's.yaml:18: zzz is not a setting; the settings are listen, http, data_dir, interval, and those in store, udp, tls, auth, http, limits, log',
  ]);
});

test.each([
  [
    'an unknown key in a group',
    'log:\n  colour: x\n',
    ['s.yaml:2: log.colour is not a setting; the settings in log are level, format, file, file_bytes, files'],
  ],
  [
    'a list that is none',
    'listen: tcp://[::]:1\n',
    [
      's.yaml:1: listen is "tcp://[::]:1"; it is a list, and an item is tcp://HOST:PORT or tls://HOST:PORT, such as tls://[::]:34568',
    ],
  ],
  [
    'an empty list',
    'listen: []\n',
    ['s.yaml:1: listen is a list; an item is tcp://HOST:PORT or tls://HOST:PORT, such as tls://[::]:34568'],
  ],
  [
    'a value that is a group',
    'interval: {a: 1}\n',
    ['s.yaml:1: interval is a group; it is a number of seconds from 0.1 to 86400'],
  ],
  ['too many decimals', 'interval: 0.1005\n', ['s.yaml:1: interval is 0.1005; it has at most three decimals']],
  ['infinity', 'interval: .inf\n', ['s.yaml:1: interval is Infinity; it is a number of seconds from 0.1 to 86400']],
  [
    'a file that is a list',
    '- a\n',
    ['s.yaml:1: the file is a list; it is settings, one a line, such as "interval: 10"'],
  ],
  [
    'a file that is a word',
    'hello\n',
    ['s.yaml:1: the file is "hello"; it is settings, one a line, such as "interval: 10"'],
  ],
  [
    'a key twice',
    'interval: 1\nhttp: off\ninterval: 2\n',
    ['s.yaml:3: interval is given a second time; the first is in line 1'],
  ],
  [
    'a group twice',
    'log:\n  level: info\nlog:\n  format: json\n',
    ['s.yaml:3: log is given a second time; the first is in line 1'],
  ],
  ['an alias', 'data_dir: &a x\nlog:\n  file: *a\n', ['s.yaml:3: log.file is an alias (*a); write the value itself']],
  [
    'a merge key',
    '<<: {interval: 1}\n',
    [
      's.yaml:1: << is not a setting; the settings are listen, http, data_dir, interval, and those in store, udp, tls, auth, http, limits, log',
    ],
  ],
  [
    'a prototype',
    '__proto__: 1\n',
    [
      's.yaml:1: __proto__ is not a setting; the settings are listen, http, data_dir, interval, and those in store, udp, tls, auth, http, limits, log',
    ],
  ],
  [
    'a tab',
    'log:\n\tlevel: info\n',
    ['s.yaml:2:1: this is not the YAML of a configuration: Tabs are not allowed as indentation'],
  ],
  [
    'an open bracket',
    'listen: [a\n',
    [
      's.yaml:2:1: this is not the YAML of a configuration: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  ],
  [
    'a tag of its own',
    'interval: !seconds 5\n',
    ['s.yaml:1:11: this is not the YAML of a configuration: Unresolved tag: !seconds'],
  ],
  [
    'a key that is a list',
    '? [a]\n: 1\n',
    ['s.yaml:1:3: this is not the YAML of a configuration: With stringKeys, all keys must be strings'],
  ],
])('%s is refused with its line', async (_name, file, lines) => {
  expect(await faults(file)).toEqual(lines);
});

test('a key that is written out means what it means in its group, and so does an address in the group of its own name', async () => {
  const grouped = 'log:\n  level: debug\nauth:\n  mode: token\nhttp:\n  address: 127.0.0.1:0\n  login: always\n';
  const written = 'log.level: debug\nauth.mode: token\nhttp: 127.0.0.1:0\nhttp.login: always\n';
  const mixed = '{"log.level": debug, auth: {mode: token}, http: {login: always}, "http.address": "127.0.0.1:0"}\n';
  const cwd = temporaryFolder({ 'g.yaml': grouped, 'w.yaml': written, 'm.yaml': mixed });
  const config = await serverConfig(['--config', 'g.yaml'], { cwd });
  expect(config).toMatchObject({
    log: { level: 'debug' },
    auth: { mode: 'token' },
    http: { host: '127.0.0.1', port: 0, login: 'always' },
  });
  expect(await serverConfig(['--config', 'w.yaml'], { cwd })).toEqual(config);
  expect(await serverConfig(['--config', 'm.yaml'], { cwd })).toEqual(config);
});

test.each([
  [
    'of the address, inside and out',
    'http: 127.0.0.1:1\nhttp.address: 127.0.0.1:2\n',
    ['s.yaml:2: http.address is given a second time; the first is in line 1'],
  ],
  [
    'of a key, in its group and written out',
    'log:\n  level: info\nlog.level: debug\n',
    ['s.yaml:3: log.level is given a second time; the first is in line 2'],
  ],
  [
    'of nothing that is known',
    'http.colour: x\nhttp:\n  colour: y\n',
    [
      's.yaml:1: http.colour is not a setting; the settings in http are address, insecure, login, hosts',
      's.yaml:3: http.colour is given a second time; the first is in line 1',
    ],
  ],
])('two values %s are refused', async (_name, file, lines) => {
  expect(await faults(file)).toEqual(lines);
});

test('values that are wrong are told where they stand, written out or in their group', async () => {
  const file = `http.insecure: yes
http.hosts:
  - hub
  - hub:80
auth.mode: none
http:
  address: here
  logn: always
limits.units: 0
`;
  expect(await faults(file)).toEqual([
    's.yaml:1: http.insecure is "yes"; it is true or false',
    's.yaml:4: http.hosts[1] is "hub:80"; it is a host name or an address without a port, such as telemetry.example.org',
    's.yaml:5: auth.mode is "none"; it is one of open, tofu, approve, token',
    's.yaml:7: http.address is "here"; the port is missing: HOST:PORT',
    's.yaml:8: http.logn is not a setting; did you mean http.login?',
    's.yaml:9: limits.units is 0; the lowest limit is 1',
  ]);
});

test('aliases that multiply are refused without being written out', async () => {
  const rows = Array.from(
    { length: 30 },
    (_, index) => `a${index + 1}: &a${index + 1} [${Array.from({ length: 9 }, () => `*a${index}`).join(', ')}]`,
  );
  const lines = await faults(`a0: &a0 x\n${rows.join('\n')}\n`);
  expect(lines[0]).toBe('s.yaml:2: a1[0] is an alias (*a0); write the value itself');
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toBe('and 250 more');
});

test('a nest without bottom is refused, not a crash', async () => {
  const lines = await faults('['.repeat(20_000));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^s\.yaml:1:\d+: this is not the YAML of a configuration: it is nested too deeply$/);
  expect((await faults(`interval: ${'{a: '.repeat(100)}1${'}'.repeat(100)}\n`))[0]).toBe(
    's.yaml:1: interval is a group; it is a number of seconds from 0.1 to 86400',
  );
});

test('ten thousand unknown keys are told as twenty and a number', async () => {
  const lines = await faults(Array.from({ length: 10_000 }, (_, index) => `key${index}: 1`).join('\n'));
  expect(lines).toHaveLength(21);
  expect(lines[0]).toMatch(/^s\.yaml:1: key0 is not a setting; the settings are /);
  expect(lines.at(-1)).toBe('and 9980 more');
});

test.each([
  ['of nothing', ''],
  ['of comments', '# interval: 5\n\n'],
  ['of a group without members', 'log:\n  # level: debug\nudp: {}\n'],
  ['with a byte order mark', '\uFEFFinterval: 10\n'],
  ['with the line ends of Windows', 'interval: 10\r\nlog:\r\n  level: info\r\n'],
  ['with a document marker', '---\ninterval: 10\n...\n'],
])('a file %s is fine', async (_name, file) => {
  expect(await serverConfig(['--config', 's.yaml'], { cwd: temporaryFolder({ 's.yaml': file }) })).toEqual(
    await serverConfig([]),
  );
});

test('a file that cannot be one is refused in a line', async () => {
  const cwd = temporaryFolder({
    'bytes.yaml': Uint8Array.of(0x61, 0x3a, 0x20, 0xff),
    'long.yaml': ' '.repeat(2 ** 20 + 1),
    'fits.yaml': ' '.repeat(2 ** 20),
  });
  const lines = async (file: string) => (await refusal(server(['--config', file], { cwd }))).lines;
  expect(await lines('bytes.yaml')).toEqual(['bytes.yaml: the file is not UTF-8 text']);
  expect(await lines('long.yaml')).toEqual(['long.yaml: the file is over 1048576 bytes, which no configuration is']);
  expect(await lines('.')).toEqual(['.: this is a folder; give the file in it']);
  expect(await lines('none.yaml')).toEqual(['none.yaml: there is no such file']);
  expect(await serverConfig(['--config', 'fits.yaml'], { cwd })).toEqual(await serverConfig([]));
});

test('where the file is wrong, what it may have meant is not called missing', async () => {
  const cwd = temporaryFolder({ 'c.yaml': 'srever: hub\n' });
  expect((await refusal(client(['--config', 'c.yaml'], { cwd }))).lines).toEqual([
    'c.yaml:1: srever is not a setting; did you mean server?',
  ]);
  expect((await refusal(client(['--config', 'd.yaml'], { cwd }))).lines).toEqual(['d.yaml: there is no such file']);
});

test('faults of the file stand with those of flags and variables', async () => {
  const cwd = temporaryFolder({ 's.yaml': 'interval: 0\n' });
  expect(
    (await refusal(server(['--config', 's.yaml', '--http', 'x', '--foo'], { cwd, env: { TELEMETRY_INTERVAL: '0' } })))
      .lines,
  ).toEqual([
    '--foo is not a flag of telemetry-server; telemetry-server --help lists them',
    's.yaml:1: interval is 0; the shortest interval is 0.1 s',
    '--http is "x"; the port is missing: HOST:PORT',
    'TELEMETRY_INTERVAL is 0; the shortest interval is 0.1 s',
  ]);
});
