import { reasonOf } from '../core/system-error.ts';
import { Agent } from '../client/agent.ts';
import { identityFile, type IdentityFile } from '../client/identity-file.ts';
import { openMachineKey, type MachineKey } from '../client/machine-key.ts';
import type { Rounds } from '../client/rounds.ts';
import type { Spool } from '../client/spool/contract.ts';
import type { ClientConfig } from '../config/contract.ts';
import { listenError } from '../core/listen-error.ts';
import type { Log } from '../core/log.ts';
import { ClientSession } from '../session/client-session.ts';
import { openLogOutputs } from '../sinks/log-outputs.ts';
import { createPlainLog } from '../sinks/plain-log.ts';
import { createRepeats } from '../sinks/repeats.ts';
import type { ClientConnection } from '../transport/client-connection.ts';
import { systemClock as clock } from '../transport/system-clock.ts';
import { receiveDatagrams } from '../transport/udp.ts';
import { chooseServer, dialOf, type ServerChoice } from './client-dial.ts';
import { Lifecycle } from './lifecycle.ts';
import { preparePrivateFolder } from './private-folder.ts';
import { crypto, drawEpoch, sha256, tag } from './secrets.ts';
import { aborted, wantsColour, type Surface } from './surface.ts';
import { startUplink } from './uplink.ts';

/** Beyond the 25 s that the session waits for the confirmation of `!DISC`. */
const stopMsMax = 2_000;
/** Between two rounds until a server says otherwise. */
const intervalSeconds = 10;
/** Events that somebody else can cause as often as he likes. */
const limitedEvents = new Set(['update-ignored', 'bad-reading']);
/** A machine that waits for approval asks once a minute, for as long as it takes. */
const refusedEveryMs = 3_600_000;

/** Runs the client until it is told to leave and has left. Rejects with a CodedError where it cannot start. */
export async function runClient(config: ClientConfig, warnings: readonly string[], surface: Surface): Promise<void> {
  const lifecycle = new Lifecycle(clock);
  try {
    const { agent, stopped } = await start(config, warnings, surface, lifecycle);
    await aborted(surface.signal);
    agent.stop();
    await stopped;
  } finally {
    await lifecycle.stop(stopMsMax);
  }
}

async function start(
  config: ClientConfig,
  warnings: readonly string[],
  surface: Surface,
  lifecycle: Lifecycle,
): Promise<{ agent: Agent; stopped: Promise<void> }> {
  const log = await openLog(config, surface, lifecycle);
  for (const warning of warnings) log('warn', 'configuration', { reason: warning });
  const choice = chooseServer(config);
  if (choice.warning !== undefined) log('warn', 'configuration', { reason: choice.warning });
  preparePrivateFolder(config.stateDir, '--state-dir');
  const key = openMachineKey({ folder: config.stateDir, crypto, drawHex: drawEpoch });
  const identity = identityFile(config.stateDir);
  let rounds: Promise<Rounds> | undefined;
  let resolveStopped: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    resolveStopped = resolve;
  });
  const agent = new Agent({
    clock,
    log,
    read: async () => {
      rounds ??= openRoundsSoon(config, { platform: surface.platform, log, lifecycle });
      // Where they cannot be opened, the start fails below.
      return rounds.then((opened) => opened.read()).catch(() => []);
    },
    drawEpoch,
    sha256,
    intervalSeconds,
    ...(await openDiskSpool(config, log, lifecycle)),
    registered: ({ clientId, v }) => {
      // What a v1 server calls this machine is no id that a v2 server knows.
      if (v === 2) remember(clientId, identity, log);
    },
    stopped: () => {
      resolveStopped();
    },
  });
  const { introduced } = await connect(config, { agent, log, id: identity.read(), key, choice }, lifecycle);
  if (key.isMissing) {
    // Not while `!RGTR` waits for it; and where no server is to be had, all the same.
    await Promise.race([introduced, rounds]);
    await new Promise((resolve) => setImmediate(resolve));
    log('info', 'machine-key-made', { key: key.make() });
  }
  await rounds;
  return { agent, stopped };
}

/**
 * Loads and opens the sensors a turn of the loop later, when the server has been dialled: a near one has `!RGTR` by then, and while a
 * far one is on its way there is nothing better to do.
 */
async function openRoundsSoon(
  config: ClientConfig,
  options: { readonly platform: NodeJS.Platform; readonly log: Log; readonly lifecycle: Lifecycle },
): Promise<Rounds> {
  await new Promise((resolve) => setImmediate(resolve));
  const { openRounds } = await import('./client-rounds.ts');
  return openRounds(config, options);
}

/** The spool, where it is to lie on disk. */
async function openDiskSpool(config: ClientConfig, log: Log, lifecycle: Lifecycle): Promise<{ spool?: Spool }> {
  const { kind, bytesMax, sync } = config.spool;
  if (kind === 'memory') return {};
  const { openSpool } = await import('../client/spool/open-spool.ts');
  const { spool, close } = await openSpool({
    stateDir: config.stateDir,
    bytesMax,
    sync,
    drawHex: drawEpoch,
    clock,
    log,
  });
  lifecycle.onStop(close);
  return { spool };
}

async function openLog(config: ClientConfig, surface: Surface, lifecycle: Lifecycle): Promise<Log> {
  const outputs = await openLogOutputs({ ...surface, ...config.log, colour: wantsColour(surface), clock });
  lifecycle.onStop(() => outputs.close(1_000));
  const plain = createPlainLog({ level: config.log.level, outputs: outputs.events, clock });
  const repeats = createRepeats({ log: plain, clock });
  const refusals = createRepeats({ log: plain, clock, everyMs: refusedEveryMs });
  lifecycle.onStop(() => {
    repeats.close();
    refusals.close();
  });
  return (level, event, fields) => {
    if (event === 'registration-refused')
      refusals.log(level, event, `${String(fields?.['code'])} ${String(fields?.['reason'])}`, fields);
    else if (limitedEvents.has(event))
      repeats.log(level, event, String(fields?.['sensor'] ?? fields?.['reason'] ?? ''), fields);
    else plain(level, event, fields);
  };
}

/** A folder that filled up since the start costs the identity after the next one, not the readings of today. */
function remember(clientId: string, identity: IdentityFile, log: Log): void {
  try {
    identity.write(clientId);
  } catch (error) {
    log('warn', 'identity-unsaved', {
      client_id: clientId,
      reason: reasonOf(error),
    });
  }
}

interface Connecting {
  readonly agent: Agent;
  readonly log: Log;
  readonly id: string | undefined;
  readonly key: MachineKey;
  readonly choice: ServerChoice;
}

/** Dials the server. `introduced` resolves when the first connection is made. */
async function connect(
  config: ClientConfig,
  { agent, log, id, key, choice }: Connecting,
  lifecycle: Lifecycle,
): Promise<{ readonly introduced: Promise<void> }> {
  const dial = await dialOf(choice);
  // UDP is heard before there is a connection, since `!RGTR` names the port.
  const uplink: { connection?: ClientConnection } = {};
  const udpPort = config.udpPort === undefined ? 0 : await hear(config.udpPort, uplink, { log, lifecycle });
  const session = new ClientSession({
    name: choice.name,
    id,
    udpPort,
    random: Math.random,
    tag,
    prove: (challenge) => key.prove(challenge),
  });
  const introduced = new Promise<void>((resolve) => {
    const introduce = (): ReturnType<Agent['introduce']> => {
      resolve();
      return agent.introduce();
    };
    uplink.connection = startUplink({ agent, session, clock, dial, introduce });
  });
  return { introduced };
}

/** Hears UDP; answers the port. */
async function hear(
  port: number,
  uplink: { readonly connection?: ClientConnection },
  { log, lifecycle }: { log: Log; lifecycle: Lifecycle },
): Promise<number> {
  const receiver = await receiveDatagrams(port, (frame, from) => {
    if (frame === undefined) log('warn', 'update-ignored', { reason: 'no frame', from });
    else uplink.connection?.datagram(frame, from);
  }).catch((cause: unknown) => {
    throw listenError(`--udp-port ${port}`, cause);
  });
  lifecycle.onStop(() => receiver.close());
  return receiver.port;
}
