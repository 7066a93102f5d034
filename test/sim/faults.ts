import type { Cast } from './cast.ts';
import type { ClientMachine } from './client-machine.ts';
import type { Host } from './host.ts';
import { goodQuality, type Direction, type Quality } from './path.ts';
import type { Random } from './random.ts';
import type { Stream } from './stream.ts';
import { writeKinds } from './writes.ts';

type Fault = (cast: Cast) => void;

/** What goes wrong on the way. */
const networkFaults: readonly Fault[] = [
  (cast) => onStream(cast, (stream) => stream.reset()),
  (cast) => onStream(cast, (stream) => stream.resetOne(cast.stage.random.pick(directions))),
  (cast) => onStream(cast, (stream) => stream.sever()),
  (cast) => {
    const { stage } = cast;
    const host = stage.random.pick(cast.hosts);
    const blocked = stage.random.chance(0.5) ? directions : [stage.random.pick(directions)];
    // A v1 server would take for one message what a blocked way lets through at once.
    if (cast.plan.server !== 'v2') return;
    stage.record(`${host.name} blocked ${blocked.join(' ')}`);
    for (const direction of blocked) host.path.block(direction);
    undo(cast, stage.random.between(500, 40_000), () => host.path.heal());
  },
  // Answers are stuck, and soon there is no room for more of them, while readings still come through.
  (cast) => {
    const { host } = cast.stage.random.pick(cast.clients);
    if (cast.plan.server !== 'v2') return;
    cast.stage.record(`${host.name} jammed`);
    host.path.quality = { ...goodQuality, windowBytes: 64, highWaterBytes: 1 };
    host.path.block('to-client');
    undo(cast, cast.stage.random.between(5_000, 40_000), () => {
      host.path.quality = goodQuality;
      host.path.heal();
    });
  },
  (cast) => {
    const host = cast.stage.random.pick(cast.hosts);
    host.path.quality = drawQuality(cast, host);
    undo(cast, cast.stage.random.between(5_000, 60_000), () => (host.path.quality = goodQuality));
  },
  (cast) => {
    const { random } = cast.stage;
    const host = random.pick(cast.hosts);
    host.path.dials = random.pick(['refused', 'hang']);
    undo(cast, random.between(500, 25_000), () => (host.path.dials = 'connect'));
  },
];

/** What goes wrong with the server and its disk. */
const serverFaults: readonly Fault[] = [
  restartServer,
  (cast) => cast.server.running?.process.stall(stallMs(cast.stage.random)),
  (cast) => cast.network.serverHost.jumpClock(cast.stage.random.between(-1e8, 1e8)),
  (cast) => {
    cast.server.crowded = true;
    undo(cast, cast.stage.random.between(200, 25_000), () => (cast.server.crowded = false));
  },
  (cast) => {
    const { random } = cast.stage;
    const slowMs = random.pick([20, 50, 500, 5_000, 35_000]);
    const failure = random.pick([0, 0.3, 0.3, 1]);
    const lostAnswer = random.pick([0, 0, 0.5]);
    cast.server.diskHealth = { delayMs: { from: 1, to: slowMs }, failure, lostAnswer };
    undo(cast, random.between(500, 20_000), () => cast.server.healDisk());
  },
];

/** What goes wrong with the clients' machines. */
const clientFaults: readonly Fault[] = [
  (cast) => restartClient(cast, cast.stage.random.pick(cast.clients)),
  (cast) => ambushClient(cast, cast.stage.random.pick(cast.clients)),
  (cast) => ambushClient(cast, cast.stage.random.pick(cast.clients)),
  (cast) => {
    const { random } = cast.stage;
    const disk = random.pick(cast.clients).storage.spoolDisk;
    if (disk === undefined) return;
    const slowMs = random.pick([3, 3, 100, 4_000, 30_000]);
    const failure = random.pick([0, 0.05, 0.3, 1]);
    disk.health = { delayMs: { from: 0.05, to: slowMs }, failure, full: random.chance(0.3) };
    undo(cast, random.between(500, 30_000), () => disk.heal());
  },
  (cast) => cast.stage.random.pick(cast.clients).running?.process.stall(stallMs(cast.stage.random)),
  (cast) => cast.stage.random.pick(cast.hosts).jumpClock(cast.stage.random.between(-1e8, 1e8)),
  (cast) => {
    const host = cast.stage.random.pick(cast.hosts);
    if (host.isBehindNat) return;
    // Drawn so that no other machine can have it.
    host.move(`198.18.${cast.hosts.indexOf(host)}.${cast.stage.random.integer(1, 254)}`);
    cast.stage.record(`${host.name} moves to ${host.address}`);
    for (const stream of cast.network.streams) if (stream.client.process.host === host) stream.sever();
  },
  (cast) => {
    const { random } = cast.stage;
    const clone = cast.clone(random.pick(cast.clients));
    clone.start();
    undo(cast, random.between(1_000, 15_000), () => clone.kill(random.pick(['exit', 'power'])));
  },
];

const directions: readonly Direction[] = ['to-server', 'to-client'];

/** The faults of one world: some of each, so that a world without this or that is common too. */
export function drawFaults(random: Random): readonly Fault[] {
  const some = (faults: readonly Fault[]): readonly Fault[] => faults.filter(() => random.chance(0.6));
  return [...some(networkFaults), ...some(networkFaults), ...some(serverFaults), ...some(clientFaults)];
}

/** Ends a fault after a while, or when all faults end, whichever is first. */
export function undo(cast: Cast, delayMs: number, task: () => void): void {
  let done = false;
  const once = (): void => {
    if (!done) task();
    done = true;
  };
  cast.remedies.push(once);
  cast.stage.timeline.after(delayMs, once);
}

function onStream(cast: Cast, harm: (stream: Stream) => void): void {
  const { streams } = cast.network;
  if (streams.length > 0) harm(cast.stage.random.pick(streams));
}

function stallMs(random: Random): number {
  return random.chance(0.5) ? random.between(50, 1_000) : random.between(1_000, 25_000);
}

function drawQuality({ stage: { random }, plan, v1Clients }: Cast, host: Host): Quality {
  const slow = random.chance(0.5);
  // v1 peers take whatever one read gives for a message: on their ways nothing is cut.
  const whole = plan.server !== 'v2' || v1Clients.some((client) => client.host === host);
  return {
    latencyMs: { from: 1, to: whole ? 200 : slow ? random.between(100, 3_000) : 30 },
    pieceBytesMax: whole ? goodQuality.pieceBytesMax : random.pick([3, 20, 300, 65_536]),
    windowBytes: whole ? goodQuality.windowBytes : random.pick([64, 512, 4_096, 65_536]),
    highWaterBytes: random.pick([1, 200, 4_096, 65_536]),
    datagramLoss: random.pick([0, 0.3, 0.8, 1]),
    datagramCopies: random.pick([0, 0.5]),
    datagramDelayMs: random.pick([50, 2_000, 20_000]),
  };
}

function restartServer(cast: Cast): void {
  const { server, v1Server, stage, plan } = cast;
  const { random } = stage;
  if (v1Server.isRunning) {
    v1Server.kill();
  } else if (random.chance(0.3)) {
    void server.shutDown();
  } else if (random.chance(0.5)) {
    server.dieAt(random.pick(writeKinds), random.pick(['exit', 'power']));
  } else {
    server.kill(random.pick(['exit', 'power']));
  }
  undo(cast, random.between(100, 20_000), () => {
    if (server.running !== undefined || v1Server.isRunning) return;
    if (plan.losesDisk && random.chance(0.4)) server.replaceDisk();
    if (plan.server === 'v1' || (plan.server === 'v1-then-v2' && random.chance(0.5))) v1Server.start();
    else void server.start();
  });
}

function restartClient(cast: Cast, client: ClientMachine): void {
  const { random } = cast.stage;
  if (random.chance(0.5)) client.stop();
  else client.kill(random.pick(['exit', 'power']));
  undo(cast, random.between(100, 15_000), () => {
    comeBack(cast, client);
  });
}

/** The client dies in the midst of an act of its disk, be it one of the next or one of its start after that. */
function ambushClient(cast: Cast, client: ClientMachine): void {
  const { random } = cast.stage;
  const disk = client.storage.spoolDisk;
  if (disk === undefined) return;
  const way = random.pick(['exit', 'power'] as const);
  disk.ambush = {
    acts: random.integer(0, 6),
    strike: (act) => {
      cast.stage.record(`${client.name} is caught in ${act}: ${way}`);
      client.kill(way);
      undo(cast, random.between(100, 15_000), () => {
        comeBack(cast, client);
      });
    },
  };
}

/** Starts a client whose machine was off; who knows what became of its disk meanwhile. */
function comeBack({ stage: { random } }: Cast, client: ClientMachine): void {
  if (client.process === undefined) {
    if (random.chance(0.2)) client.storage.identity = undefined;
    if (random.chance(0.2)) client.storage.rot();
  }
  client.start();
}
