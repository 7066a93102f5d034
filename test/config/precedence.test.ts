import { expect, test } from 'vitest';
import { serverLimits } from '../../src/core/limits.ts';
import { client, clientConfig, refusal, server, serverConfig } from './told.ts';
import { temporaryFolder } from './temporary-file.ts';

test('a server that is told nothing has the defaults', async () => {
  expect(await serverConfig([])).toEqual({
    listen: [
      { scheme: 'tcp', host: '::', port: 34_567 },
      { scheme: 'tls', host: '::', port: 34_568 },
    ],
    tls: undefined,
    auth: { mode: 'tofu', v1: 'allow' },
    http: { host: '127.0.0.1', port: 8080, insecure: false, login: 'auto', hosts: [] },
    dataDir: '/var/lib/telemetry/server',
    intervalSeconds: 10,
    store: {
      kind: 'sqlite',
      retentionMs: undefined,
      rollUpRetentionMs: { '1m': undefined, '10m': undefined, '2h': undefined },
      budgetBytes: 10 * 2 ** 30,
    },
    udp: { allowOtherAddress: false },
    limits: serverLimits,
    log: { level: 'info', format: undefined, file: undefined, fileBytesMax: 10_485_760, filesMax: 5 },
  });
});

test('a client that is told its server alone has the defaults', async () => {
  expect(await clientConfig(['--server', 'hub'])).toEqual({
    server: { scheme: 'tcp', host: 'hub', port: 34_567 },
    tls: { fingerprint: undefined, ca: undefined },
    name: 'bench-03',
    nameIsHosts: true,
    stateDir: '/var/lib/telemetry/client',
    udpPort: 0,
    root: '/',
    spool: { kind: 'disk', bytesMax: 64 * 2 ** 20, sync: 'never' },
    sensors: { source: 'auto', timeoutMs: 2000 },
    log: { level: 'info', format: undefined, file: undefined, fileBytesMax: 10_485_760, filesMax: 5 },
  });
});

test.each([
  { flag: true, environment: true, file: true, seconds: 1, source: 'flag' },
  { flag: true, environment: true, file: false, seconds: 1, source: 'flag' },
  { flag: true, environment: false, file: true, seconds: 1, source: 'flag' },
  { flag: true, environment: false, file: false, seconds: 1, source: 'flag' },
  { flag: false, environment: true, file: true, seconds: 2, source: 'environment' },
  { flag: false, environment: true, file: false, seconds: 2, source: 'environment' },
  { flag: false, environment: false, file: true, seconds: 3, source: 'file' },
  { flag: false, environment: false, file: false, seconds: 10, source: 'default' },
])(
  'of flag $flag, environment $environment and file $file, the $source decides',
  async ({ flag, environment, file, seconds, source }) => {
    const cwd = temporaryFolder({ 'server.yaml': file ? 'interval: 3\n' : '' });
    const argv = ['--config', 'server.yaml', ...(flag ? ['--interval', '1'] : [])];
    const command = await server(argv, { cwd, env: environment ? { TELEMETRY_INTERVAL: '2' } : {} });
    expect(command).toMatchObject({ type: 'run', config: { intervalSeconds: seconds } });
    expect(command.type === 'run' && command.origins.get('interval')?.source).toBe(source);
  },
);

test('each setting of the server is reached by its flag, its variable and its key', async () => {
  const config = {
    listen: [
      { scheme: 'tcp', host: '192.0.2.1', port: 1 },
      { scheme: 'tls', host: '::1', port: 2 },
    ],
    tls: { certificate: '/tls/server.pem', key: '/tls/server.key' },
    auth: { mode: 'token', v1: 'deny' },
    http: { host: '192.0.2.1', port: 80, insecure: true, login: 'always', hosts: ['hub.example.org', 'hub'] },
    dataDir: '/data',
    intervalSeconds: 0.5,
    store: {
      kind: 'memory',
      retentionMs: 36 * 3_600_000,
      rollUpRetentionMs: { '1m': 48 * 3_600_000, '10m': 7 * 86_400_000, '2h': 365 * 86_400_000 },
      budgetBytes: undefined,
    },
    udp: { allowOtherAddress: true },
    limits: {
      connectionsMax: 1,
      connectionsPerAddressMax: 2,
      unregisteredMax: 3,
      unregisteredMsMax: 4_500,
      registrationsPerMinuteMax: 5,
      framesPerSecondMax: 6,
      unitsMax: 7,
      seriesMax: 8,
      logBytesPerSecondMax: 2_048,
      datagramsPerSecondMax: 9,
      slowReaderBytesMax: 65_536,
      loopbackToo: true,
    },
    log: { level: 'debug', format: 'json', file: '/log', fileBytesMax: 1024, filesMax: 1 },
  };
  const only = {
    TELEMETRY_STORE_KIND: 'memory',
    TELEMETRY_STORE_RETENTION: '36h',
    TELEMETRY_STORE_RETENTION_1M: '48h',
    TELEMETRY_STORE_RETENTION_10M: '1w',
    TELEMETRY_STORE_RETENTION_2H: '365d',
    TELEMETRY_STORE_BUDGET: 'off',
    TELEMETRY_UDP_ALLOW_OTHER_ADDRESS: 'true',
    TELEMETRY_TLS_CERTIFICATE: '/tls/server.pem',
    TELEMETRY_TLS_KEY: '/tls/server.key',
    TELEMETRY_AUTH_V1: 'deny',
    TELEMETRY_HTTP_INSECURE: 'true',
    TELEMETRY_HTTP_LOGIN: 'always',
    TELEMETRY_HTTP_HOSTS: 'Hub.example.org, hub',
    TELEMETRY_LIMITS_CONNECTIONS: '1',
    TELEMETRY_LIMITS_CONNECTIONS_PER_ADDRESS: '2',
    TELEMETRY_LIMITS_UNREGISTERED: '3',
    TELEMETRY_LIMITS_UNREGISTERED_SECONDS: '4.5',
    TELEMETRY_LIMITS_REGISTRATIONS_PER_MINUTE: '5',
    TELEMETRY_LIMITS_FRAMES_PER_SECOND: '6',
    TELEMETRY_LIMITS_UNITS: '7',
    TELEMETRY_LIMITS_SERIES: '8',
    TELEMETRY_LIMITS_LOG_BYTES_PER_SECOND: '2KiB',
    TELEMETRY_LIMITS_DATAGRAMS_PER_SECOND: '9',
    TELEMETRY_LIMITS_SLOW_READER_BYTES: '64KiB',
    TELEMETRY_LIMITS_LOOPBACK: 'true',
  };
  const argv =
    '--listen tcp://192.0.2.1:1 --listen=tls://[::1]:2 --http 192.0.2.1:80 --auth-mode token --data-dir /data --interval .5 --log-level debug --log-format json --log-file /log --log-file-bytes 1KiB --log-files 1';
  expect(await serverConfig(argv.split(' '), { env: only })).toEqual(config);
  const env = {
    TELEMETRY_LISTEN: 'tcp://192.0.2.1:1, tls://[::1]:2',
    TELEMETRY_HTTP: '192.0.2.1:80',
    TELEMETRY_AUTH_MODE: 'token',
    TELEMETRY_DATA_DIR: '/data',
    TELEMETRY_INTERVAL: '0.5',
    ...only,
    TELEMETRY_LOG_LEVEL: 'debug',
    TELEMETRY_LOG_FORMAT: 'json',
    TELEMETRY_LOG_FILE: '/log',
    TELEMETRY_LOG_FILE_BYTES: '1024',
    TELEMETRY_LOG_FILES: '1',
  };
  expect(await serverConfig([], { env })).toEqual(config);
  const yaml = `listen: ['tcp://192.0.2.1:1', 'tls://[::1]:2']
http: 192.0.2.1:80
http.insecure: true
http.login: always
http.hosts: [Hub.example.org, hub]
data_dir: /data
interval: 0.5
store: { kind: memory, retention: 36h, retention_1m: 2d, retention_10m: 7d, retention_2h: 365d, budget: off }
udp: { allow_other_address: true }
tls: { certificate: /tls/server.pem, key: /tls/server.key }
auth: { mode: token, v1: deny }
limits:
  connections: 1
  connections_per_address: 2
  unregistered: 3
  unregistered_seconds: 4.5
  registrations_per_minute: 5
  frames_per_second: 6
  units: 7
  series: 8
  log_bytes_per_second: 2KiB
  datagrams_per_second: 9
  slow_reader_bytes: 64KiB
  loopback: true
log: { level: debug, format: json, file: /log, file_bytes: 1024, files: 1 }
`;
  const cwd = temporaryFolder({ 's.yaml': yaml });
  expect(await serverConfig([], { cwd, env: { TELEMETRY_CONFIG: 's.yaml' } })).toEqual(config);
});

test('each setting of the client is reached by its flag, its variable and its key', async () => {
  const config = {
    server: { scheme: 'tls', host: '2001:db8::1', port: 4000 },
    tls: { fingerprint: 'ab'.repeat(32), ca: undefined },
    name: 'a name',
    stateDir: '/state',
    udpPort: undefined,
    root: '/host',
    spool: { kind: 'memory', bytesMax: 2 ** 20, sync: 'round' },
    sensors: { source: 'portable', timeoutMs: 1500 },
    log: { level: 'warn', format: 'pretty', file: '/log', fileBytesMax: 2048, filesMax: 9 },
  };
  const only = {
    TELEMETRY_SPOOL_KIND: 'memory',
    TELEMETRY_SPOOL_SYNC: 'round',
    TELEMETRY_SENSORS_SOURCE: 'portable',
    TELEMETRY_SENSORS_TIMEOUT: '1.5',
  };
  const argv = [
    '--server',
    'tls://[2001:db8::1]:4000',
    '--tls-fingerprint',
    'AB'.repeat(32),
    '--name',
    'a name',
    '--state-dir',
    '/state',
    '--udp-port',
    'off',
    '--root',
    '/host',
    '--spool-bytes',
    '1MiB',
  ];
  const log = '--log-level warn --log-format pretty --log-file /log --log-file-bytes 2KiB --log-files 9'.split(' ');
  expect(await clientConfig([...argv, ...log], { env: only })).toEqual(config);
  const env = {
    ...only,
    TELEMETRY_SERVER: 'tls://[2001:db8::1]:4000',
    TELEMETRY_TLS_FINGERPRINT: 'AB'.repeat(32),
    TELEMETRY_NAME: 'a name',
    TELEMETRY_STATE_DIR: '/state',
    TELEMETRY_UDP_PORT: 'off',
    TELEMETRY_ROOT: '/host',
    TELEMETRY_SPOOL_BYTES: '1MiB',
    TELEMETRY_LOG_LEVEL: 'warn',
    TELEMETRY_LOG_FORMAT: 'pretty',
    TELEMETRY_LOG_FILE: '/log',
    TELEMETRY_LOG_FILE_BYTES: '2048',
    TELEMETRY_LOG_FILES: '9',
  };
  expect(await clientConfig([], { env })).toEqual(config);
  const yaml = `server: tls://[2001:db8::1]:4000
tls: { fingerprint: ${'ab'.repeat(32)} }
name: a name
state_dir: /state
udp: { port: off }
root: /host
spool: { kind: memory, bytes: 1MiB, sync: round }
sensors: { source: portable, timeout: 1.5 }
log: { level: warn, format: pretty, file: /log, file_bytes: 2KiB, files: 9 }
`;
  const cwd = temporaryFolder({ 'c.yaml': yaml });
  expect(await clientConfig(['--config=c.yaml'], { cwd })).toEqual(config);
});

test('the flag --config goes before TELEMETRY_CONFIG', async () => {
  const cwd = temporaryFolder({ 'a.yaml': 'interval: 3\n', 'b.yaml': 'interval: 4\n' });
  expect(
    (await serverConfig(['--config', 'a.yaml'], { cwd, env: { TELEMETRY_CONFIG: 'b.yaml' } })).intervalSeconds,
  ).toBe(3);
});

test('an empty variable counts as not set', async () => {
  expect(
    (await serverConfig([], { env: { TELEMETRY_INTERVAL: '', TELEMETRY_LOG_FILE: '', TELEMETRY_CONFIG: '' } }))
      .intervalSeconds,
  ).toBe(10);
});

test("a relative path counts from the program's folder, or from the file's", async () => {
  const cwd = temporaryFolder({ 's.yaml': 'data_dir: d\nlog:\n  file: ../l\n' });
  expect(await serverConfig(['--config', `${cwd}/s.yaml`], { cwd: '/srv/here' })).toMatchObject({
    dataDir: `${cwd}/d`,
  });
  expect((await serverConfig(['--data-dir', 'd'])).dataDir).toBe('/srv/here/d');
  expect((await serverConfig([], { env: { TELEMETRY_DATA_DIR: '../d' } })).dataDir).toBe('/srv/d');
});

test.each([
  [{ euid: 0 }, '/var/lib/telemetry/server'],
  [{ euid: 1000 }, '/home/ada/.local/state/telemetry/server'],
  [{ euid: 1000, env: { XDG_STATE_HOME: '/xdg' } }, '/xdg/telemetry/server'],
  [{ euid: 1000, env: { XDG_STATE_HOME: 'relative' } }, '/home/ada/.local/state/telemetry/server'],
  [{ platform: 'win32', euid: undefined, env: { ProgramData: 'D:\\Data' } }, 'D:\\Data\\Telemetry\\server'],
  [{ platform: 'win32', euid: undefined }, 'C:\\ProgramData\\Telemetry\\server'],
])('with %j the state is in %s', async (machine, folder) => {
  expect((await serverConfig([], machine)).dataDir).toBe(folder);
});

test('a host name of over 48 bytes is cut at a character and marked with its SHA-256', async () => {
  expect((await clientConfig(['--server', 'hub'], { hostname: 'h'.repeat(48) })).name).toBe('h'.repeat(48));
  expect((await clientConfig(['--server', 'hub'], { hostname: 'h'.repeat(49) })).name).toBe(
    `${'h'.repeat(39)}~7ca12950`,
  );
  const { name } = await clientConfig(['--server', 'hub'], { hostname: 'é'.repeat(30) });
  expect(name).toBe(`${'é'.repeat(19)}~f96161c7`);
});

test('a host name that cannot be a name makes --name necessary', async () => {
  const lines = [
    '--name is missing: the host name of this machine cannot be the name of a unit; give it, or TELEMETRY_NAME, or name in the configuration file',
  ];
  expect(await refusal(client(['--server', 'hub'], { hostname: '' }))).toEqual({ code: 'bad-configuration', lines });
  expect(await refusal(client(['--server', 'hub'], { hostname: 'a\nb' }))).toEqual({
    code: 'bad-configuration',
    lines,
  });
  expect((await clientConfig(['--server', 'hub', '--name', 'x'], { hostname: '' })).name).toBe('x');
});

test('a variable that nobody reads is a warning where it looks like a misspelling, else nothing', async () => {
  const env = {
    TELEMETRY_INTERVALL: '5',
    TELEMETRY_SERVER_SERVICE_HOST: '10.0.0.1',
    TELEMETRY_API: 'x',
    TELEMETRY_UDP_PORT: 'wrong',
    OTHER: '',
  };
  const command = await server([], { env });
  expect(command.type === 'run' && command.warnings).toEqual([
    'TELEMETRY_INTERVALL is not read; did you mean TELEMETRY_INTERVAL?',
  ]);
});

test.each([
  ['open', 'allow'],
  ['tofu', 'allow'],
  ['approve', 'loopback'],
  ['token', 'loopback'],
])('in the mode %s clients of version 1 are served by %s, unless it is said', async (mode, v1) => {
  expect((await serverConfig(['--auth-mode', mode])).auth).toEqual({ mode, v1 });
  const env = { TELEMETRY_AUTH_V1: 'deny' };
  expect((await serverConfig(['--auth-mode', mode], { env })).auth).toEqual({ mode, v1: 'deny' });
});

test('an address of the API without the API changes nothing', async () => {
  expect((await serverConfig(['--http', 'off'], { env: { TELEMETRY_HTTP_LOGIN: 'always' } })).http).toBeUndefined();
});

test.each([
  [{ TELEMETRY_TLS_KEY: 'k' }, 'tls.key is given without tls.certificate'],
  [{ TELEMETRY_TLS_CERTIFICATE: 'c' }, 'tls.certificate is given without tls.key'],
])('half a certificate is refused: %j', async (env, words) => {
  const { code, lines } = await refusal(server([], { env }));
  expect(code).toBe('bad-configuration');
  expect(lines).toEqual([`${words}; give both, or neither for a certificate that the server makes`]);
});

test.each([
  [['--tls-ca', 'x', '--server', 'hub'], 'tls.ca is given and server is plain TCP; write server as tls://HOST:PORT'],
  [['--tls-fingerprint', 'ab'.repeat(32)], 'tls.fingerprint is given without server; write server as tls://HOST:PORT'],
  [
    ['--tls-ca', 'x', '--tls-fingerprint', 'ab'.repeat(32), '--server', 'hub'],
    'tls.fingerprint and tls.ca are given and server is plain TCP',
  ],
])('how a server is known needs a server that is known so: %j', async (argv, words) => {
  const { code, lines } = await refusal(client(argv));
  expect(code).toBe('bad-configuration');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(words);
});
