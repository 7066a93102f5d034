import { limits } from '../../src/core/limits.ts';
import type { Cast } from './cast.ts';
import type { ClientMachine } from './client-machine.ts';
import type { Plan } from './plan.ts';
import { roundReadingsMax } from './take-readings.ts';

/** From a reading taken to its acknowledgement on a good network and disk. */
const answerMsMax = 400;
/** Pauses before a retransmission, a dial that is made again, latencies. */
const slackMs = 10_000;

/**
 * By when all is well after the last fault. A client that has a dead connection sends on it after one interval at most, waits 30 s for the answer, and backs
 * off for 30 s at most; what it dials then answers. It runs at the interval of `!SUCC`, which its next frame confirms, one interval later; an
 * interval that is asked for meanwhile goes by UDP at once and after 5 s, and by TCP at last 10 s after that. Before that a store that took too long
 * may have cost it a dial (15 s) or an answer to `!RGTR` (15 s), each with its own backoff.
 */
export function settledMsMax({ intervalSecondsMax, security }: Plan): number {
  const intervalMs = intervalSecondsMax * 1000;
  const noticedMs = intervalMs + limits.acknowledgementMsMax;
  const backMs = limits.reconnectMsMax + limits.connectMsMax;
  const toldMs = Math.max(intervalMs, limits.resendFirstMs + limits.resendMs);
  // One that was told to wait comes back after a minute; one that was refused for want of a token backs off once more.
  const admittedMs = { open: 0, tofu: 0, approve: limits.pendingRetryMs, token: limits.reconnectMsMax }[security.mode];
  return noticedMs + backMs + toldMs + admittedMs + slackMs;
}

/**
 * By when an interval that was asked for on a good network has been told, confirmed, and taken for read by all: sent at once, after 5 s, and by TCP
 * after 10 s more; and the readings of one interval more.
 */
export function convergedMsMax({ intervalSecondsMax }: Plan): number {
  return limits.resendFirstMs + limits.resendMs + intervalSecondsMax * 1000 + answerMsMax;
}

/** The first thing that is not yet as it must be in the end; undefined when all is. */
export function unsettled(cast: Cast): string | undefined {
  // A v1 server never finds out, whatever we do.
  const dead = cast.network.streams.find((stream) => stream.isDead && (stream.client.open || !cast.v1Server.isRunning));
  if (dead !== undefined) return `${dead.label} is dead, and one end has not found out`;
  if (cast.v1Server.owes) return 'somebody waits for an answer of the v1 server';
  for (const client of cast.clients) {
    const reason = cast.v1Server.isRunning ? unsettledWithV1(client, cast) : unsettledClient(client, cast);
    if (reason !== undefined) return `${client.name}: ${reason}`;
  }
  return cast.v1Server.isRunning ? undefined : (unsettledV1Clients(cast) ?? unsettledOthers(cast));
}

function unsettledClient(client: ClientMachine, { server, book }: Cast): string | undefined {
  const { running, isStarting, storage } = client;
  if (isStarting) return 'has not started';
  if (running === undefined) return undefined;
  const { session, life, agent } = running;
  if (session.v !== 2) return 'not registered';
  const { clientId = '' } = life;
  const unit = server.running?.hub.unit(clientId);
  if (unit === undefined) return `no unit ${clientId}`;
  if (unit.state !== 'online') return `the server has it as ${unit.state}`;
  const { wanted, confirmed, state } = unit.interval;
  if (state !== 'confirmed' || confirmed !== wanted) return `its interval is ${JSON.stringify(unit.interval)}`;
  if (agent.intervalSeconds !== wanted) return `it runs at ${agent.intervalSeconds} s, the server has ${wanted} s`;
  if (!book.allows(clientId, wanted)) return `it runs at ${wanted} s, which was not the last that was asked for`;
  const roundsMax = Math.ceil(answerMsMax / (wanted * 1000)) + 1;
  if (agent.held > roundReadingsMax * roundsMax) return `it holds ${agent.held} readings`;
  if (storage.reckoning.isFailing) return 'its spool is not on its disk';
  const lost = storage.reckoning.lost(agent.held);
  return lost > 0 ? `${lost} readings are nowhere` : undefined;
}

function unsettledWithV1(client: ClientMachine, { v1Server }: Cast): string | undefined {
  const { running, host, isStarting, storage } = client;
  if (isStarting) return 'has not started';
  if (running === undefined) return undefined;
  const { session, agent, life } = running;
  if (session.v !== 1) return 'not registered with the v1 server';
  if (!v1Server.live.has(host.address)) return 'the v1 server does not know it';
  if (v1Server.unconfirmed.has(host.address)) return 'has not confirmed what the v1 server told it';
  if (agent.intervalSeconds !== life.seconds) return `runs at ${agent.intervalSeconds} s, told ${life.seconds} s`;
  const lost = storage.reckoning.lost(agent.held);
  return lost > 0 ? `${lost} readings are nowhere` : undefined;
}

function unsettledV1Clients({ v1Clients, server }: Cast): string | undefined {
  for (const { name, clientId, answered } of v1Clients) {
    if (clientId === undefined || answered < 2) return `${name}: ${answered} rounds answered`;
    const unit = server.running?.hub.unit(clientId);
    if (unit?.state !== 'online') return `${name}: the server has it as ${unit?.state}`;
    if (unit.interval.state === 'sending') return `${name}: its interval is ${JSON.stringify(unit.interval)}`;
  }
  return undefined;
}

/** Units that nobody is any more, and connections that nobody has. */
function unsettledOthers({ clients, v1Clients, server }: Cast): string | undefined {
  const hub = server.running?.hub;
  if (hub === undefined) return 'the server does not run';
  const present = new Set([
    ...clients.flatMap(({ running }) => running?.life.clientId ?? []),
    ...v1Clients.flatMap(({ clientId }) => clientId ?? []),
  ]);
  const stale = hub
    .units()
    .find(({ client_id: id, state }) => !present.has(id) && (state === 'online' || state === 'late'));
  if (stale !== undefined) return `${stale.name} is gone and counts as ${stale.state}`;
  const { connections } = hub.reception;
  return connections > present.size ? `${connections} connections of ${present.size} units` : undefined;
}
