import { makeCast, type Cast } from './cast.ts';
import type { ClientMachine } from './client-machine.ts';
import { drawFaults } from './faults.ts';
import { admitMachines } from './doorkeeper.ts';
import { sendForgery } from './forger.ts';
import { sendImpostor } from './impostor.ts';
import { convergedMsMax, settledMsMax, unsettled } from './liveness.ts';
import { askForAllIntervals, askForAnyInterval, askOnReturn } from './operator.ts';
import { drawPlan } from './plan.ts';
import { goodQuality } from './path.ts';
import { Random } from './random.ts';
import { sendRogue } from './rogue.ts';
import { Stage } from './stage.ts';

/** How one world went. */
export interface Outcome {
  readonly seed: number;
  /** What was wrong first; undefined: nothing. */
  readonly failure: string | undefined;
  /** The SHA-256 of everything that happened, in its order. */
  readonly digest: string;
  readonly events: number;
  readonly virtualMs: number;
  /** From the end of the faults until all was well, and the most that it may be. */
  readonly settledMs: number;
  readonly settledMsMax: number;
  /** The last events before the failure. */
  readonly lines: readonly string[];
}

/** A stop on a good network and disk: what is unanswered, the second of quiet after `!UDPT`, and the way there and back. */
const stopMsMax = 3_000;
/** The server discards for a second what comes after its last answer. */
const shutDownMsMax = 2_000;
/** What was under way when the faults ended, a reset among it, has arrived by then: latencies, and the pause before a retransmission. */
const landedMs = 6_500;
/** An interval by datagram and its confirmation, through a store, on a good network. */
const heardMsMax = 400;
const pollMs = 100;
/** Of the random numbers for keys. */
const keyStream = 1;
const operatorMs = { first: 300, forgery: 900, rogue: 4_000, start: 3_000, impostor: 2_500 };

/** Runs the world of one seed to its end, or to the first thing that is wrong. `print` gets every event. */
export async function runWorld(seed: number, print?: (line: string) => void): Promise<Outcome> {
  const stage = new Stage(seed, print);
  // What the program throws where nobody can catch it would end it.
  const crashed = (error: unknown): void => {
    stage.fail(`crashed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  };
  process.on('uncaughtException', crashed);
  process.on('unhandledRejection', crashed);
  const times = { settledMs: 0, settledMsMax: 0 };
  try {
    Object.assign(times, await play(stage));
  } catch (error) {
    crashed(error);
  }
  // Rejections that nobody took are told only when the loop comes round.
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  process.off('uncaughtException', crashed);
  process.off('unhandledRejection', crashed);
  const { failure, lines, nowMs: virtualMs, timeline } = stage;
  return { seed, failure, digest: stage.digest(), events: timeline.events, virtualMs, lines, ...times };
}

async function play(stage: Stage): Promise<{ readonly settledMs: number; readonly settledMsMax: number }> {
  const plan = drawPlan(stage.random, new Random(stage.seed, keyStream));
  stage.record(JSON.stringify(plan));
  const cast = makeCast(stage, plan);
  try {
    return await playWith(cast);
  } finally {
    cast.server.dispose();
  }
}

async function playWith(cast: Cast): Promise<{ readonly settledMs: number; readonly settledMsMax: number }> {
  const { stage, plan } = cast;
  await runFaults(cast);
  heal(cast);
  const healedMs = stage.nowMs;
  const limitMs = settledMsMax(plan);
  const broken = (): boolean => stage.failure !== undefined;
  // A v1 server says it once, which a client that is just registering does not hear.
  if (plan.asksAtTheEnd && plan.server !== 'v1') stage.timeline.after(500, () => askForAllIntervals(cast));
  await stage.timeline.run(healedMs + landedMs, broken);
  await settle(cast, healedMs + limitMs, 'after the faults ended');
  const settledMs = stage.nowMs - healedMs;
  // A client that was caught in the last act of its disk may come back later.
  const hearing = cast.clients.filter(({ running }) => running !== undefined);
  askForAllIntervals(cast);
  const askedMs = stage.nowMs;
  await stage.timeline.run(askedMs + heardMsMax, broken);
  checkHeard(cast, hearing);
  await settle(cast, askedMs + convergedMsMax(plan), 'after the last intervals were asked for');
  await leave(cast);
  return { settledMs, settledMsMax: limitMs };
}

async function runFaults(cast: Cast): Promise<void> {
  const { stage, plan, clients, server, v1Server } = cast;
  const { random, timeline } = stage;
  const faults = drawFaults(random);
  v1Server.deafness = random.pick([0, 0.05]);
  if (plan.server === 'v1') v1Server.start();
  else void server.start();
  for (const client of clients) timeline.after(random.between(0, operatorMs.start), () => client.start());
  for (const client of cast.v1Clients) timeline.after(random.between(0, operatorMs.start), () => client.start());
  const often = (meanMs: number, task: () => void): void => {
    timeline.after(random.waitMs(meanMs), () => {
      if (stage.nowMs >= plan.faultPhaseMs) return;
      task();
      often(meanMs, task);
    });
  };
  if (faults.length > 0) often(plan.faultMeanMs, () => random.pick(faults)(cast));
  often(plan.operatorMeanMs, () => askForAnyInterval(cast));
  if (plan.forger) often(operatorMs.forgery, () => sendForgery(cast));
  if (plan.rogues) often(operatorMs.rogue, () => sendRogue(cast));
  if (plan.security.impostor) often(operatorMs.impostor, () => sendImpostor(cast));
  if (plan.security.keyed) admitMachines(cast);
  server.onRegistering = (clientId) => askOnReturn(cast, clientId);
  await timeline.run(plan.faultPhaseMs, () => stage.failure !== undefined);
  server.onRegistering = undefined;
}

/** Ends all faults. What they have broken stays broken until the program has put it right. */
function heal(cast: Cast): void {
  const { stage, plan, server, v1Server, clients, hosts } = cast;
  stage.record('all faults end');
  for (const remedy of cast.remedies.splice(0).toReversed()) remedy();
  for (const { path } of hosts) {
    path.heal();
    path.quality = goodQuality;
  }
  server.healDisk();
  v1Server.deafness = 0;
  v1Server.unconfirmed.clear();
  if (plan.server === 'v1-then-v2') v1Server.kill();
  server.running?.process.wake();
  if (plan.server !== 'v1') void server.start();
  for (const client of clients) {
    client.storage.spoolDisk?.heal();
    client.process?.wake();
    client.start();
  }
}

/** Whom a datagram reaches has confirmed by now: nothing had to be sent again. */
function checkHeard({ stage, server }: Cast, clients: readonly ClientMachine[]): void {
  for (const { running, host, plan, name } of clients) {
    const unit = server.running?.hub.unit(running?.life.clientId ?? '');
    if (unit === undefined || host.isBehindNat || !plan.hearsUdp) continue;
    stage.check(unit.interval.state === 'confirmed', () => `${name} is not reached by datagram`);
  }
}

async function settle(cast: Cast, untilMs: number, since: string): Promise<void> {
  const { stage } = cast;
  let reason = unsettled(cast);
  while (reason !== undefined && stage.nowMs < untilMs && stage.failure === undefined) {
    await stage.timeline.run(stage.nowMs + pollMs, () => stage.failure !== undefined);
    reason = unsettled(cast);
  }
  if (reason !== undefined) stage.fail(`too long ${since}: ${reason}`);
}

/** Everybody leaves, and says so. */
async function leave(cast: Cast): Promise<void> {
  const { stage, server, clients, v1Clients, departures } = cast;
  const broken = (): boolean => stage.failure !== undefined;
  if (broken()) return;
  departures.length = 0;
  const staying = clients.filter(({ running }) => running !== undefined);
  const ids = staying.flatMap(({ running }) => running?.life.clientId ?? []);
  for (const client of [...staying, ...v1Clients]) {
    stage.timeline.after(stage.random.between(0, 2_000), () => client.stop());
  }
  await stage.timeline.run(stage.nowMs + 2_000 + stopMsMax, broken);
  stage.check(
    departures.length === staying.length,
    () => `${departures.length} of ${staying.length} clients have left`,
  );
  for (const { confirmed, tookMs, life, agent, reckoning } of departures) {
    stage.check(
      confirmed && tookMs <= stopMsMax,
      () => `${life.clientId} left, confirmed ${confirmed}, in ${tookMs} ms`,
    );
    const lost = reckoning.lost(agent.held);
    stage.check(lost <= 0, () => `${lost} readings of ${life.clientId} are nowhere at its end`);
  }
  for (const { left, name } of v1Clients) stage.check(left, () => `${name} could not leave`);
  for (const id of ids) {
    const state = server.running?.hub.unit(id)?.state ?? 'disconnected';
    stage.check(state === 'disconnected', () => `${id} has left and counts as ${state}`);
  }
  let tookMs = Number.POSITIVE_INFINITY;
  void server.shutDown().then((ms) => (tookMs = ms));
  await stage.timeline.run(stage.nowMs + shutDownMsMax, broken);
  stage.check(tookMs <= shutDownMsMax, () => 'the server does not shut down');
  server.audit(ids);
}
