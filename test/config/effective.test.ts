import fc from 'fast-check';
import { expect, test } from 'vitest';
import { effectiveYaml } from '../../src/config/effective.ts';
import { one } from '../../src/config/kind.ts';
import { path } from '../../src/config/kinds/path.ts';
import { clientProgram } from '../../src/config/client-program.ts';
import { resolve } from '../../src/config/resolve.ts';
import type { Setting } from '../../src/config/setting.ts';
import { client, clientConfig, printed, quiet, server } from './told.ts';
import { temporaryFolder } from './temporary-file.ts';

test('config print shows each value and where it comes from', async () => {
  const cwd = temporaryFolder({ 's.yaml': '\nlog:\n  level: debug\nudp: {allow_other_address: true}\n' });
  expect(
    await printed(
      server(['config', 'print', '--config', 's.yaml', '--listen', 'tcp://a:1', '--http=off'], {
        cwd,
        env: { TELEMETRY_INTERVAL: '5.0' },
      }),
    ),
  ).toBe(`# The effective configuration of telemetry-server
listen: # flag --listen
  - tcp://a:1
http: off # flag --http
data_dir: /var/lib/telemetry/server # default
interval: 5 # environment TELEMETRY_INTERVAL
http.insecure: false # default
http.login: auto # default
# http.hosts: none # default
store:
  kind: sqlite # default
  retention: off # default
  retention_1m: off # default
  retention_10m: off # default
  retention_2h: off # default
  budget: 10GiB # default
udp:
  allow_other_address: true # file s.yaml:4
tls:
  # certificate: one that the server makes for itself, below data_dir # default
  # key: that of its own certificate # default
auth:
  mode: tofu # default
  v1: auto # default
limits:
  connections: 65536 # default
  connections_per_address: 4096 # default
  unregistered: 16384 # default
  unregistered_seconds: 10 # default
  registrations_per_minute: 6000 # default
  frames_per_second: 5000 # default
  units: 100000 # default
  series: 16384 # default
  log_bytes_per_second: 1MiB # default
  datagrams_per_second: 5000 # default
  slow_reader_bytes: 1MiB # default
  loopback: false # default
log:
  level: debug # file s.yaml:3
  # format: pretty on a terminal, json elsewhere # default
  # file: none # default
  file_bytes: 10MiB # default
  files: 5 # default
`);
});

test('what config print prints is a file that says the same', async () => {
  const name = fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }).filter((text) => !/\p{Cc}/u.test(text));
  const argv = fc.record({
    server: fc.constantFrom('hub', '[::1]:5', 'tls://10.0.0.1:1'),
    name,
    'state-dir': fc
      .string({ maxLength: 12, unit: 'binary' })
      .filter((text) => !text.includes('\0'))
      .map((text) => `/line\n${text}`),
    'udp-port': fc.constantFrom('0', 'off', '65535'),
    'log-file': name.map((text) => `/log ${text}`),
    'log-file-bytes': fc.constantFrom('1500', '1KiB', '1073741824'),
  });
  await fc.assert(
    fc.asyncProperty(argv, async (flags) => {
      const given = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
      const text = await printed(client(['config', 'print', ...given]));
      const cwd = temporaryFolder({ 'c.yaml': text });
      expect(await clientConfig(['--config', 'c.yaml'], { cwd })).toEqual(await clientConfig(given));
    }),
    { numRuns: 25 },
  );
});

test('a secret is never shown, neither printed nor in a fault', () => {
  const secret: Setting<string> = {
    key: 'token',
    kind: one(path('FILE')),
    description: 'A secret.',
    default: { value: '' },
    example: 'x',
    secret: true,
  };
  const program = { ...clientProgram, settings: { secret } };
  const place = { resolvePath: (text: string) => text };
  const sources = { machine: { ...quiet, unitName: '' }, file: undefined, place, partial: false };
  const right = resolve({ ...sources, flags: new Map([['token', ['hunter2']]]) });
  expect(effectiveYaml(program, right)).toBe(
    '# The effective configuration of telemetry-client\ntoken: "***" # flag --token\n',
  );
  const wrong = resolve({ ...sources, flags: new Map([['token', ['~/hunter2']]]) });
  wrong.read(secret);
  expect(wrong.faults).toEqual(['--token is ***; ~ is not expanded here; write the path in full']);
});

test('config check counts where the settings come from and names variables that nobody reads', async () => {
  const cwd = temporaryFolder({ 's.yaml': 'interval: 5\nlog:\n  level: debug\n' });
  const env = { TELEMETRY_HTTP: 'off', TELEMETRY_HTPP: 'off', TELEMETRY_SERVER_PORT_34567_TCP_PROTO: 'tcp' };
  expect(await printed(server(['config', 'check', '--config', 's.yaml', '--log-files', '2'], { cwd, env }))).toBe(
    `The configuration of telemetry-server is right. From flags: 1, from the environment: 1, from s.yaml: 2, by default: 31.
TELEMETRY_HTPP is not read; did you mean TELEMETRY_HTTP?
TELEMETRY_SERVER_PORT_34567_TCP_PROTO is not read
`,
  );
});
