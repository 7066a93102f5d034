import type { ClientConfig, WireAddress } from './contract.ts';
import { one, orOff, orUnset } from './kind.ts';
import { serverAddress } from './kinds/address.ts';
import { choice } from './kinds/choice.ts';
import { fingerprint } from './kinds/fingerprint.ts';
import { invitation } from './kinds/invitation.ts';
import { integer, seconds } from './kinds/number.ts';
import { path } from './kinds/path.ts';
import { size } from './kinds/size.ts';
import { unitName } from './kinds/unit-name.ts';
import { logConfig, logSettings } from './log-settings.ts';
import { configCommands, type Program, type Read } from './program.ts';
import type { Setting } from './setting.ts';
import { stateFolder } from './state-folder.ts';

const mebibyte = 2 ** 20;
/** Two of the spool's segments. */
const spoolBytesMin = mebibyte;
/** More than a week of a default client. */
const spoolBytesDefault = 64 * mebibyte;
const spoolBytesMax = 2 ** 40;
/** A healthy sensor answers in milliseconds; a disk that spins up takes seconds. */
const sensorSecondsDefault = 2;
const sensorSecondsMin = 0.1;
/** Beyond it, a hung mount and a slow one are the same to whoever waits for the reading. */
const sensorSecondsMax = 60;

const server: Setting<WireAddress | undefined> = {
  key: 'server',
  kind: one(orUnset(serverAddress)),
  description:
    'The server to report to: HOST or HOST:PORT, over plain TCP, or tls://HOST:PORT; without a port it is 34567, or 34568 of tls.',
  default: { value: undefined, text: 'the one that telemetry-client join has saved' },
  example: 'tls://telemetry.example.org',
};

const tlsFingerprint: Setting<string | undefined> = {
  key: 'tls.fingerprint',
  kind: one(orUnset(fingerprint)),
  description:
    "The SHA-256 of a TLS server's certificate: then that certificate and no other is right, whoever signed it.",
  default: { value: undefined, text: 'none' },
  example: '7d5a3f0c9e1b2a4d6c8e0f1a3b5c7d9e2f4a6b8c0d1e3f5a7b9c2d4e6f8a0b1c',
};

const tlsCa: Setting<string | undefined> = {
  key: 'tls.ca',
  kind: one(orUnset(path('FILE'))),
  description:
    "The CAs that may have signed a TLS server's certificate, in PEM; not asked where there is a fingerprint.",
  default: { value: undefined, text: "the system's" },
  example: '/etc/telemetry/ca.pem',
};

const name: Setting<string> = {
  key: 'name',
  kind: one(unitName),
  description: 'The name of this machine among the units.',
  default: { of: (machine) => machine.unitName, text: 'the host name' },
  example: 'bench-03',
  missing: { because: 'the host name of this machine cannot be the name of a unit', is: (name) => name === '' },
};

const stateDir: Setting<string> = {
  key: 'state_dir',
  kind: one(path('DIR')),
  description: 'The folder of what the client keeps; made with mode 0700.',
  default: {
    of: (machine) => stateFolder('client', machine),
    text: '/var/lib/telemetry/client, or for a user below $XDG_STATE_HOME',
  },
  example: '/srv/telemetry-client',
};

const udpPort: Setting<number | undefined> = {
  key: 'udp.port',
  kind: one(orOff(integer({ noun: 'port', min: 0, max: 65_535, placeholder: 'PORT' }))),
  description: 'The port to hear a new interval on; 0 picks a free one, off leaves it to TCP.',
  default: { value: 0 },
  example: 45678,
};

const root: Setting<string> = {
  key: 'root',
  kind: one(path('DIR')),
  description: 'Where /proc, /sys and the mounted file systems are found: /host in a container.',
  default: { value: '/' },
  example: '/host',
};

const spoolKind: Setting<ClientConfig['spool']['kind']> = {
  key: 'spool.kind',
  kind: one(choice(['memory', 'disk'], 'KIND')),
  description:
    'Where readings are held until they are acknowledged: disk, files below state_dir, or memory, which is lost with the process.',
  default: { value: 'disk' },
  example: 'memory',
  flagless: true,
};

const spoolBytes: Setting<number> = {
  key: 'spool.bytes',
  kind: one(size({ min: spoolBytesMin, max: spoolBytesMax })),
  description: 'What a spool on disk may have; full, it drops its oldest readings.',
  default: { value: spoolBytesDefault },
  example: '16MiB',
};

const spoolSync: Setting<ClientConfig['spool']['sync']> = {
  key: 'spool.sync',
  kind: one(choice(['never', 'round'], 'WHEN')),
  description:
    'When a spool on disk is made to survive a loss of power: never, as the system pleases, or at every round.',
  default: { value: 'never' },
  example: 'round',
  flagless: true,
};

const sensorsSource: Setting<ClientConfig['sensors']['source']> = {
  key: 'sensors.source',
  kind: one(choice(['auto', 'linux', 'portable'], 'SOURCE')),
  description:
    'What readings are taken with: linux reads /proc and /sys, portable asks systeminformation and node-os-utils, auto is linux on Linux and portable elsewhere.',
  default: { value: 'auto' },
  example: 'portable',
  flagless: true,
};

const sensorsTimeout: Setting<number> = {
  key: 'sensors.timeout',
  kind: one(seconds({ noun: 'time-out', min: sensorSecondsMin, max: sensorSecondsMax })),
  description: 'Seconds that one sensor may take before a round goes on without it.',
  default: { value: sensorSecondsDefault },
  example: 5,
  flagless: true,
};

/** The command line and configuration of telemetry-client. */
export const clientProgram: Program<ClientConfig> = {
  name: 'telemetry-client',
  usage: '[--server [tls://]HOST[:PORT]] [OPTIONS]',
  summary: "Reads this machine's sensors and reports them to a telemetry server until it is told to stop.",
  settings: {
    server,
    tlsFingerprint,
    tlsCa,
    name,
    stateDir,
    udpPort,
    root,
    spoolKind,
    spoolBytes,
    spoolSync,
    sensorsSource,
    sensorsTimeout,
    ...logSettings,
  },
  commands: [
    {
      words: ['sensors'],
      summary: 'Take one round of readings and explain which sensors were tried and chosen',
      switches: [{ name: 'json', description: 'Print it as JSON' }],
    },
    {
      words: ['join'],
      summary: 'Make this machine known to a server, with the line that telemetryctl token new prints there',
      switches: [],
      operand: invitation,
    },
    ...configCommands,
  ],
  conflicts,
  examples: [
    { command: '--server telemetry.example.org', does: 'report to port 34567 there' },
    { command: '--server [2001:db8::1]:4000 --name bench-03', does: 'IPv6, another port, a name' },
    { command: '--server 192.0.2.10 --udp-port off', does: 'for networks that drop inbound UDP' },
    { command: '--server tls://telemetry.example.org', does: 'TLS, to port 34568 there' },
    { command: 'sensors --root /host', does: 'see what would be reported, inside a container' },
  ],
  config: (read) => ({
    server: read(server),
    tls: { fingerprint: read(tlsFingerprint), ca: read(tlsCa) },
    name: read(name),
    stateDir: read(stateDir),
    udpPort: read(udpPort),
    root: read(root),
    spool: { kind: read(spoolKind), bytesMax: read(spoolBytes), sync: read(spoolSync) },
    sensors: { source: read(sensorsSource), timeoutMs: Math.round(read(sensorsTimeout) * 1000) },
    log: logConfig(read),
  }),
};

/** How a server is to be known says nothing about one that is spoken to in the clear, or that this machine has joined. */
function conflicts(read: Read): readonly string[] {
  const given = [tlsFingerprint, tlsCa].filter((setting) => read<string | undefined>(setting) !== undefined);
  const keys = given.map(({ key }) => key).join(' and ');
  if (given.length === 0 || read(server)?.scheme === 'tls') return [];
  const where = read(server) === undefined ? 'without server' : `and server is plain TCP`;
  return [
    `${keys} ${given.length === 1 ? 'is' : 'are'} given ${where}; write server as tls://HOST:PORT, or leave it out`,
  ];
}
