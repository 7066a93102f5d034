import { createHash } from 'node:crypto';
import { Agent } from '../../src/client/agent.ts';
import type { Spool } from '../../src/client/spool/contract.ts';
import { tag } from '../../src/app/secrets.ts';
import { startUplink } from '../../src/app/uplink.ts';
import type { Log } from '../../src/core/log.ts';
import type { Challenge, Proof } from '../../src/session/proof.ts';
import { ClientSession } from '../../src/session/client-session.ts';
import type { ClientConnection } from '../../src/transport/client-connection.ts';
import type { ClientLife } from './client-life.ts';
import type { Datagrams } from './datagrams.ts';
import type { Network } from './network.ts';
import type { ClientPlan } from './plan.ts';
import type { Process } from './process.ts';
import type { Stage } from './stage.ts';
import { roundReadingsMax, takeReadings } from './take-readings.ts';

export interface ClientProgramOptions extends Pick<ClientPlan, 'name' | 'hearsUdp' | 'intervalSeconds'> {
  readonly stage: Stage;
  readonly network: Network;
  readonly datagrams: Datagrams;
  readonly process: Process;
  readonly life: ClientLife;
  readonly log: Log;
  readonly spool: Spool;
  /** What a v2 server called this machine. */
  readonly id: string | undefined;
  /** Answers a server that asks for its key; undefined: it has none. */
  readonly prove: ((challenge: Challenge) => Proof) | undefined;
  readonly registered: (clientId: string) => void;
  readonly stopped: (confirmed: boolean) => void;
}

export interface ClientProgram {
  readonly agent: Agent;
  readonly session: ClientSession;
  readonly connection: ClientConnection;
}

/** Puts our client together, as its program does, and starts it. */
export function startProgram(options: ClientProgramOptions): ClientProgram {
  const { stage, name, network, datagrams, process, life, hearsUdp, id, prove } = options;
  const agent = makeAgent(options);
  const uplink: { connection?: ClientConnection } = {};
  const udpPort = hearsUdp
    ? datagrams.bind(process, (frame, from) => {
        if (frame !== undefined) uplink.connection?.datagram(frame, from);
      })
    : 0;
  const random = (): number => stage.random.next();
  const session = new ClientSession({ name, id, udpPort, random, tag, ...(prove && { prove }) });
  const connection = startUplink({
    agent,
    session,
    clock: process.clock,
    dial: network.dialer(process),
    introduce: () => introduce(agent, options),
    perform: (action) => {
      life.perform(action);
      agent.perform(action);
    },
  });
  uplink.connection = connection;
  return { agent, session, connection };
}

function makeAgent(options: ClientProgramOptions): Agent {
  const { stage, process, life, log, spool, intervalSeconds, registered, stopped } = options;
  return new Agent({
    clock: process.clock,
    log,
    read: async () => life.round(await takeReadings(stage.random, process.clock)),
    drawEpoch: () => life.epoch(stage.random.hex(8)),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    registered: ({ clientId, v }) => {
      // What a v1 server calls this machine is no id that a v2 server knows.
      if (v === 2) registered(clientId);
    },
    stopped,
    intervalSeconds,
    spool,
  });
}

/** New readings get a new epoch where more than a round is held. */
function introduce(agent: Agent, { stage, name, life }: ClientProgramOptions): ReturnType<Agent['introduce']> {
  const { held } = agent;
  const before = life.epochs;
  const introduction = agent.introduce();
  const renewed = life.epochs > before;
  stage.check(
    // After a stall two rounds may be of the same millisecond, and count as one.
    renewed || held <= 2 * roundReadingsMax,
    () => `${name} connects with ${held} readings and the old epoch`,
  );
  return introduction;
}
