import { limits } from '../core/limits.ts';
import type { Address, ServerConfig, WireAddress } from './contract.ts';
import { listOf, one, orOff } from './kind.ts';
import { hostAndPort, listenAddress, portDefault, tlsPortDefault } from './kinds/address.ts';
import { age } from './kinds/age.ts';
import { choice, yesOrNo } from './kinds/choice.ts';
import { seconds } from './kinds/number.ts';
import { path } from './kinds/path.ts';
import { size } from './kinds/size.ts';
import { limitsConfig, limitSettings } from './limit-settings.ts';
import { logConfig, logSettings } from './log-settings.ts';
import { configCommands, type Program, type Read } from './program.ts';
import { securityConfig, securityConflicts, securitySettings } from './security-settings.ts';
import type { Setting } from './setting.ts';
import { stateFolder } from './state-folder.ts';

const intervalSecondsDefault = 10;
/** More listeners than a host has networks are a mistake of whatever wrote the file. */
const listenersMax = 64;

const gibibyte = 2 ** 30;
/** Below it the log takes more of the budget than readings do. */
const budgetBytesMin = gibibyte / 64;
/** 230 million readings: of a hundred machines with 18 readings every 10 s a fortnight, of ten Raspberry Pis two years. */
const budgetBytesDefault = 10 * gibibyte;
const budgetBytesMax = 1024 * 16 * gibibyte;
const hourMs = 3_600_000;
const retentionMsMin = hourMs;
/** A century; more is a slip. */
const retentionMsMax = 36_500 * 24 * hourMs;

const listen: Setting<readonly WireAddress[]> = {
  key: 'listen',
  kind: listOf(listenAddress, { itemsMax: listenersMax }),
  description:
    'Where clients are listened for: tcp, or tls from the first byte. Without a port it is 34567, or 34568 of tls; port 0 picks a free one.',
  // The unspecified IPv6 address takes IPv4 as well; on a machine without IPv6 the server itself falls back.
  default: {
    value: [
      { scheme: 'tcp', host: '::', port: portDefault },
      { scheme: 'tls', host: '::', port: tlsPortDefault },
    ],
  },
  example: ['tcp://127.0.0.1:34567', 'tls://[2001:db8::10]:34568'],
};

const http: Setting<Address | undefined> = {
  key: 'http',
  kind: one(orOff(hostAndPort)),
  description:
    'Where the HTTP API listens; elsewhere than on loopback over TLS, and for those who have an account. Port 0 picks a free one.',
  default: { value: { host: '127.0.0.1', port: 8080 } },
  example: '127.0.0.1:9090',
};

export const dataDir: Setting<string> = {
  key: 'data_dir',
  kind: one(path('DIR')),
  description: 'The folder of what the server keeps; made with mode 0700.',
  default: {
    of: (machine) => stateFolder('server', machine),
    text: '/var/lib/telemetry/server, or for a user below $XDG_STATE_HOME',
  },
  example: '/srv/telemetry',
};

const interval: Setting<number> = {
  key: 'interval',
  kind: one(seconds({ noun: 'interval', min: limits.intervalSecondsMin, max: limits.intervalSecondsMax })),
  description: 'Seconds between two rounds of readings, for a unit that registers for the first time.',
  default: { value: intervalSecondsDefault },
  example: 5,
};

const storeKind: Setting<ServerConfig['store']['kind']> = {
  key: 'store.kind',
  kind: one(choice(['memory', 'sqlite'], 'KIND')),
  description:
    'Where readings are stored before they are acknowledged: sqlite, files below data_dir, one fsync a commit, or memory, which survives nothing.',
  default: { value: 'sqlite' },
  example: 'memory',
  flagless: true,
};

const storeRetention: Setting<number | undefined> = {
  key: 'store.retention',
  kind: one(orOff(age({ min: retentionMsMin, max: retentionMsMax }))),
  description: 'How long a store on disk keeps a reading after it was stored; off: as long as the budget has room.',
  default: { value: undefined },
  example: '90d',
  flagless: true,
};

const rollUp1mRetention = rollUpRetention({ tier: '1m', step: 'one minute', example: '180d' });
const rollUp10mRetention = rollUpRetention({ tier: '10m', step: 'ten minutes', example: '730d' });
const rollUp2hRetention = rollUpRetention({ tier: '2h', step: 'two hours', example: '3650d' });

const storeBudget: Setting<number | undefined> = {
  key: 'store.budget',
  kind: one(orOff(size({ min: budgetBytesMin, max: budgetBytesMax }))),
  description:
    'What the files of a store on disk may have together; full, it drops its oldest readings. off: no bound.',
  default: { value: budgetBytesDefault },
  example: '2GiB',
  flagless: true,
};

const udpAllowOtherAddress: Setting<boolean> = {
  key: 'udp.allow_other_address',
  kind: one(yesOrNo),
  description:
    'Send a new interval over UDP to the address that a client names even where it is not the one that it connects from.',
  default: { value: false },
  example: true,
  flagless: true,
};

/** The command line and configuration of telemetry-server. */
export const serverProgram: Program<ServerConfig> = {
  name: 'telemetry-server',
  usage: '[OPTIONS]',
  summary: 'Receives readings from telemetry clients, answers each one when it is stored, and logs it.',
  settings: {
    listen,
    http,
    dataDir,
    interval,
    storeKind,
    storeRetention,
    rollUp1mRetention,
    rollUp10mRetention,
    rollUp2hRetention,
    storeBudget,
    udpAllowOtherAddress,
    ...securitySettings,
    ...limitSettings,
    ...logSettings,
  },
  commands: configCommands,
  examples: [
    { command: '', does: 'listen on port 34567 on all addresses' },
    { command: '--listen tcp://127.0.0.1:0 --http off', does: 'listen on a free port of this machine alone' },
    { command: '--listen tls://[::] --auth-mode token', does: 'TLS alone, and new machines need a join token' },
    { command: '--config /etc/telemetry/server.yaml --log-level debug', does: 'settings from a file, but for one' },
    { command: 'config check --config server.yaml', does: 'look for mistakes without starting' },
  ],
  conflicts: securityConflicts,
  config: (read) => ({
    listen: read(listen),
    ...accessConfig(read),
    dataDir: read(dataDir),
    intervalSeconds: read(interval),
    store: {
      kind: read(storeKind),
      retentionMs: read(storeRetention),
      rollUpRetentionMs: {
        '1m': read(rollUp1mRetention),
        '10m': read(rollUp10mRetention),
        '2h': read(rollUp2hRetention),
      },
      budgetBytes: read(storeBudget),
    },
    udp: { allowOtherAddress: read(udpAllowOtherAddress) },
    limits: limitsConfig(read),
    log: logConfig(read),
  }),
};

/** Who reaches the server, and how. */
function accessConfig(read: Read): Pick<ServerConfig, 'tls' | 'auth' | 'http'> {
  const { tls, auth, ...security } = securityConfig(read);
  const address = read(http);
  return { tls, auth, http: address === undefined ? undefined : { ...address, ...security } };
}

function rollUpRetention({
  tier,
  step,
  example,
}: {
  readonly tier: '1m' | '10m' | '2h';
  readonly step: string;
  readonly example: string;
}): Setting<number | undefined> {
  return {
    key: `store.retention_${tier}`,
    kind: one(orOff(age({ min: retentionMsMin, max: retentionMsMax }))),
    description: `How long a store on disk keeps its roll-ups of ${step} (least, mean, most and count of each value); off: as long as the budget has room.`,
    default: { value: undefined },
    example,
    flagless: true,
  };
}
