import type { Random } from './random.ts';

/** Who is in a world, and what may befall it. Everything is drawn from the seed. */
export interface Plan {
  readonly security: SecurityPlan;
  readonly server: 'v2' | 'v1' | 'v1-then-v2';
  readonly clients: readonly ClientPlan[];
  readonly v1Clients: number;
  /** Whether strangers connect and send what they like. */
  readonly rogues: boolean;
  /** Whether somebody sends datagrams that he has no right to. */
  readonly forger: boolean;
  /** Whether a server that comes back may have lost its disk. */
  readonly losesDisk: boolean;
  readonly serverIntervalSeconds: number;
  /** What operators ask for, seconds. */
  readonly intervals: readonly number[];
  /** How often one does, on average. */
  readonly operatorMeanMs: number;
  readonly faultPhaseMs: number;
  readonly faultMeanMs: number;
  /** The longest interval that a unit can have in this world, seconds. */
  readonly intervalSecondsMax: number;
  /** Whether the last intervals are asked for only once all is well again. */
  readonly asksAtTheEnd: boolean;
}

/** Who may register, and who tries to without the right. */
export interface SecurityPlan {
  readonly mode: 'open' | 'tofu' | 'approve' | 'token';
  /** Whether our clients have keys. */
  readonly keyed: boolean;
  readonly tls: boolean;
  readonly impostor: boolean;
}

export interface ClientPlan {
  readonly name: string;
  readonly behindNat: boolean;
  readonly hearsUdp: boolean;
  readonly spool: SpoolPlan;
  readonly intervalSeconds: number;
}

/** Where a client holds its readings, and how much of them. `synced`: on disk, and a round survives a loss of power before it is sent. */
export interface SpoolPlan {
  readonly kind: 'memory' | 'disk' | 'synced';
  /** Of a spool in memory. */
  readonly readingsMax: number;
  /** Of one on disk, as DiskSpool has them. */
  readonly bytesMax: number;
  readonly recentMax: number;
  readonly unwrittenMax: number;
}

const intervalChoices = [0.2, 0.5, 1, 1.5, 2, 3, 5, 8, 12] as const;

/** In half of the worlds nobody has a key. */
function drawSecurity(random: Random): SecurityPlan {
  if (random.chance(0.5)) return { mode: 'tofu', keyed: false, tls: false, impostor: false };
  const mode = random.pick(['tofu', 'tofu', 'open', 'approve', 'token'] as const);
  return { mode, keyed: true, tls: mode === 'token' || random.chance(0.4), impostor: random.chance(0.6) };
}

/** `secrets` draws what has to do with keys, so that worlds without them are what they were. */
export function drawPlan(random: Random, secrets: Random): Plan {
  const security = drawSecurity(secrets);
  const dice = random.next();
  const server = dice < 0.8 ? 'v2' : dice < 0.9 ? 'v1' : 'v1-then-v2';
  const count = random.pick([1, 1, 2, 2, 3, 3, 4, 6]);
  const shared = random.chance(0.2);
  const clients = Array.from({ length: count }, (_, index) => drawClient(random, index, shared && !security.keyed));
  const intervals = Array.from({ length: random.integer(1, 4) }, () => random.pick(intervalChoices));
  const serverIntervalSeconds = random.pick([1, 1.5, 2, 5, 10]);
  return {
    security,
    server,
    clients,
    v1Clients: server === 'v2' && random.chance(0.25) && !security.tls ? random.integer(1, 2) : 0,
    rogues: server === 'v2' && random.chance(0.15),
    forger: random.chance(0.3),
    losesDisk: random.chance(0.2),
    serverIntervalSeconds,
    intervals,
    operatorMeanMs: random.pick([700, 2_000, 8_000, 20_000]),
    faultPhaseMs: random.between(20_000, 120_000),
    faultMeanMs: random.pick([700, 2_000, 6_000]),
    intervalSecondsMax: Math.max(serverIntervalSeconds, ...intervals),
    asksAtTheEnd: random.chance(0.5),
  };
}

function drawClient(random: Random, index: number, sharedName: boolean): ClientPlan {
  const behindNat = random.chance(0.25);
  return {
    // Machines of one name behind one NAT would be one machine to the server.
    name: sharedName && !behindNat ? 'twin' : `unit-${index + 1}`,
    behindNat,
    hearsUdp: random.chance(0.85),
    spool: drawSpool(random),
    intervalSeconds: random.pick([1, 3, 10]),
  };
}

function drawSpool(random: Random): SpoolPlan {
  return {
    kind: random.pick(['memory', 'disk', 'disk', 'synced', 'synced']),
    readingsMax: random.chance(0.2) ? random.integer(10, 60) : 5_000,
    bytesMax: random.pick([6_000, 40_000, 400_000, 400_000, 64 * 2 ** 20]),
    recentMax: random.pick([4, 12, 40, 1_024]),
    unwrittenMax: random.pick([10, 60, 10_000, 10_000]),
  };
}
