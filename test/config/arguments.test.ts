import { expect, test } from 'vitest';
import { clientProgram } from '../../src/config/client-program.ts';
import { serverProgram } from '../../src/config/server-program.ts';
import { temporaryFolder } from './temporary-file.ts';
import { client, clientConfig, printed, refusal, server, serverConfig } from './told.ts';

test.each([
  [['--intervall', '5'], ['--intervall is not a flag of telemetry-server; did you mean --interval?']],
  [['--intervall=5'], ['--intervall is not a flag of telemetry-server; did you mean --interval?']],
  [['--loglevel', 'info'], ['--loglevel is not a flag of telemetry-server; did you mean --log-level?']],
  [['--xylophone'], ['--xylophone is not a flag of telemetry-server; telemetry-server --help lists them']],
  [
    ['--udp-allow-other-address', 'true'],
    ['--udp-allow-other-address is not a flag of telemetry-server; telemetry-server --help lists them'],
  ],
  [['--constructor', 'x'], ['--constructor is not a flag of telemetry-server; telemetry-server --help lists them']],
  [['--__proto__=x'], ['--__proto__ is not a flag of telemetry-server; telemetry-server --help lists them']],
  [['-abc'], ['-abc is not a flag of telemetry-server; telemetry-server --help lists them']],
  [['--no-http'], ['--no-http is not a flag of telemetry-server; telemetry-server --help lists them']],
  [['--\u001b[31m'], ['"--\\u001b[31m" is not a flag of telemetry-server; telemetry-server --help lists them']],
  [['--interval'], ['--interval has no value']],
  [['--interval='], ['--interval has no value']],
  [['--interval', ''], ['--interval has no value']],
  [['--interval', '--http', 'off'], ['--interval has no value']],
  [['--interval', '-5'], ['--interval is followed by -5; a value that begins with "-" is written --interval=-5']],
  [['--help=no'], ['--help takes no value']],
  [
    ['--config', 'a', '--config', 'b'],
    ['--config is given 2 times; give it once', 'a: there is no such file'],
  ],
  [
    ['start'],
    ['"start" is not a command of telemetry-server; the commands are config check, config print, completion'],
  ],
  [
    ['config'],
    ['"config" is not a command of telemetry-server; the commands are config check, config print, completion'],
  ],
  [['config', 'pritn'], ['"config pritn" is not a command of telemetry-server; did you mean config print?']],
  [
    ['--', '--http'],
    ['"--http" is not a command of telemetry-server; the commands are config check, config print, completion'],
  ],
])('%j is refused as %j', async (argv, lines) => {
  expect(await refusal(server(argv))).toEqual({ code: 'bad-usage', lines });
});

test.each([
  [['--interval', '0.05'], ['--interval is 0.05; the shortest interval is 0.1 s']],
  [['--interval=-5'], ['--interval is -5; the shortest interval is 0.1 s']],
  [['--interval', '5', '--interval', '5'], ['--interval is given 2 times; give it once']],
  [['--log-level', 'loud'], ['--log-level is "loud"; it is one of error, warn, info, debug']],
  [
    ['--listen', 'tcp://[::]:1', '--listen', 'x'],
    ['--listen is "x"; it is tcp://HOST:PORT or tls://HOST:PORT, such as tls://[::]:34568'],
  ],
  [
    ['--listen', 'tcp://a:1', '--listen', 'tcp://a:x'],
    ['--listen is "tcp://a:x"; a port is a whole number from 0 to 65535'],
  ],
  [
    ['--http', 'a\u001b\u009bb:1'],
    ['--http is "a\\u001b\\u009bb:1"; "a\\u001b\\u009bb" is neither a host name nor an IPv4 address'],
  ],
  [['--data-dir', '~/x'], ['--data-dir is "~/x"; ~ is not expanded here; write the path in full']],
])('the values of %j are refused as %j', async (argv, lines) => {
  expect(await refusal(server(argv))).toEqual({ code: 'bad-configuration', lines });
});

test('a fault of the environment names the variable, and in a list the item', async () => {
  const env = {
    TELEMETRY_INTERVAL: '86401',
    TELEMETRY_LISTEN: 'tcp://[::]:1,5,tcp://x:x',
    TELEMETRY_LOG_LEVEL: 'a'.repeat(100),
  };
  expect(await refusal(server([], { env }))).toEqual({
    code: 'bad-configuration',
    lines: [
      'TELEMETRY_LISTEN is 5; it is tcp://HOST:PORT or tls://HOST:PORT, such as tls://[::]:34568',
      'TELEMETRY_LISTEN is "tcp://x:x"; a port is a whole number from 0 to 65535',
      'TELEMETRY_INTERVAL is 86401; the longest interval is 86400 s',
      `TELEMETRY_LOG_LEVEL is "${'a'.repeat(60)}…"; it is one of error, warn, info, debug`,
    ],
  });
});

test('a list of too many is refused', async () => {
  const argv = Array.from({ length: 65 }, (_, index) => `--listen=tcp://[::]:${index}`);
  expect((await serverConfig(argv.slice(1))).listen).toHaveLength(64);
  expect((await refusal(server(argv))).lines).toEqual(['--listen is "tcp://[::]:64"; at most 64 are taken']);
});

test('all faults are told: of arguments, of flags and of variables, overruled or not', async () => {
  const env = { TELEMETRY_HTTP: 'x', TELEMETRY_UDP_ALLOW_OTHER_ADDRESS: 'yes' };
  expect(await refusal(server(['--foo', '--http', 'off', '--interval', '0', '--log-files'], { env }))).toEqual({
    code: 'bad-usage',
    lines: [
      '--foo is not a flag of telemetry-server; telemetry-server --help lists them',
      '--log-files has no value',
      'TELEMETRY_HTTP is "x"; the port is missing: HOST:PORT',
      '--interval is 0; the shortest interval is 0.1 s',
      'TELEMETRY_UDP_ALLOW_OTHER_ADDRESS is "yes"; it is true or false',
    ],
  });
});

test('a client needs no server on its command line, since it may have joined one', async () => {
  expect((await clientConfig([])).server).toBeUndefined();
  expect((await refusal(client(['--server', 'a b']))).lines).toEqual([
    '--server is "a b"; "a b" is neither a host name nor an IPv4 address',
  ]);
});

const digits = '7d5a3f0c'.repeat(8);
const token = 'AbCd_0-3'.repeat(4);

test.each([
  [`hub:34568/${digits}/${token}`, { scheme: 'tls', host: 'hub', port: 34_568 }],
  [`hub/${digits}/${token}`, { scheme: 'tls', host: 'hub', port: 34_568 }],
  [`[2001:db8::1]:1/${digits.toUpperCase()}/${token}`, { scheme: 'tls', host: '2001:db8::1', port: 1 }],
])('join takes %j', async (text, where) => {
  const command = await client(['join', text, '--name', 'n', '--state-dir', 'd']);
  expect(command).toMatchObject({
    type: 'join',
    invitation: { server: where, fingerprint: digits, token },
    config: { name: 'n', stateDir: '/srv/here/d' },
    hasStateFlag: true,
  });
});

test.each([
  [['join'], 'it has not three parts'],
  [['join', `hub:1/${digits}`], 'it has not three parts'],
  [['join', `hub:1/${digits}/${token}/`], 'it has not three parts'],
  [['join', `//${token}`], 'it has not three parts'],
  [['join', `tls://hub:1/${digits}/${token}`], 'it has not three parts'],
  [['join', `::1/${digits}/${token}`], 'its HOST:PORT is none; IPv6 stands in brackets'],
  [['join', `hub:0/${digits}/${token}`], 'its HOST:PORT is none'],
  [['join', `hub:1/${digits.slice(1)}/${token}`], 'its FINGERPRINT is not 64 hexadecimal digits'],
  [['join', `hub:1/${digits}/${token.slice(11)}`], 'its TOKEN is not 22 to 96'],
  [['join', `hub:1/${digits}/${token}=`], 'its TOKEN is not 22 to 96'],
  [['join', `hub:1/${digits}/${token}`, 'more'], 'its TOKEN is not 22 to 96'],
])('%j is refused as %j, says what is right, and does not show the token', async (argv, words) => {
  const { code, lines } = await refusal(client(argv));
  expect(code).toBe('bad-usage');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(words);
  expect(lines[0]).toContain('telemetry-client join telemetry.example.org:34568/');
  expect(lines[0]).not.toContain(token.slice(11));
});

test('join is in the help, and has its own', async () => {
  expect(await printed(client(['--help']))).toContain('<HOST:PORT/FINGERPRINT/TOKEN>');
  expect(await printed(client(['join', `hub:1/${digits}/${token}`, '--help']))).toContain('Make this machine known');
});

test('a value may begin with a dash behind an equals sign, and quotes are part of it', async () => {
  expect((await clientConfig(['--server=hub', '--name=-x'])).name).toBe('-x');
  expect((await clientConfig(['--server=hub', "--name='x'"])).name).toBe("'x'");
  expect((await clientConfig(['--server=hub', '--name', 'a=b'])).name).toBe('a=b');
});

test('the sensors command needs no server, and takes its switch, its root and its settings', async () => {
  const env = { TELEMETRY_SENSORS_SOURCE: 'linux' };
  expect(await client(['sensors'])).toEqual({
    type: 'sensors',
    json: false,
    root: '/',
    source: 'auto',
    timeoutMs: 2000,
  });
  expect(await client(['sensors', '--json', '--root', 'tree'], { env })).toEqual({
    type: 'sensors',
    json: true,
    root: '/srv/here/tree',
    source: 'linux',
    timeoutMs: 2000,
  });
  expect((await refusal(client(['--json', '--server', 'hub']))).lines).toEqual([
    '--json belongs to telemetry-client sensors',
  ]);
});

test('--help has every flag, variable and command, the examples and the exit codes, whatever else is wrong', async () => {
  const text = await printed(server(['--help', '--foo', '--interval', '0']));
  for (const words of [
    '--listen',
    'TELEMETRY_LISTEN',
    '[default: tcp://[::]:34567,tls://[::]:34568]',
    'telemetry-server config',
    'check, print',
  ])
    expect(text).toContain(words);
  for (const words of [
    'udp.allow_other_address [TELEMETRY_UDP_ALLOW_OTHER_ADDRESS]',
    'Examples:',
    'Exit codes:',
    '  2  wrong usage',
  ])
    expect(text).toContain(words);
  expect(await printed(server(['-h']))).toBe(await printed(server(['--help'])));
  expect(await printed(client(['sensors', '--help']))).toContain('--json');
  expect(await printed(client(['config', '--help']))).toContain('telemetry-client config check');
});

test('the examples of the help are right', async () => {
  const cwd = temporaryFolder({ 'file.yaml': '' });
  const argv = (command: string) =>
    command
      .split(' ')
      .filter((word) => word !== '')
      .map((word) => (word.endsWith('.yaml') ? 'file.yaml' : word));
  expect(serverProgram.examples.length + clientProgram.examples.length).toBeGreaterThan(6);
  for (const { command } of serverProgram.examples) await expect(server(argv(command), { cwd })).resolves.toBeDefined();
  for (const { command } of clientProgram.examples) await expect(client(argv(command), { cwd })).resolves.toBeDefined();
});

test('--version prints the name and the version', async () => {
  expect(await printed(client(['--version']))).toBe('telemetry-client 1.2.3\n');
});

test('the shell is told every flag', async () => {
  expect(await printed(server(['completion']))).toContain(
    'complete -o bashdefault -o default -F _telemetry-server_yargs_completions telemetry-server',
  );
  const words = await printed(server(['--get-yargs-completions', 'telemetry-server', '--']));
  expect(words.trim().split('\n')).toEqual(
    [
      'listen',
      'http',
      'data-dir',
      'interval',
      'auth-mode',
      'log-level',
      'log-format',
      'log-file',
      'log-file-bytes',
      'log-files',
      'config',
      'help',
      'version',
    ].map((name) => `--${name}`),
  );
});
