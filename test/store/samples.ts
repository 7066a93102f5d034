import type { GapChange, GapRecord } from '../../src/core/gap.ts';
import type { JoinTokenChange, JoinTokenRecord, MachineChange, MachineRecord } from '../../src/core/machine.ts';
import type { TakenReading, UnitReading } from '../../src/core/reading.ts';
import type { UnitEventRecord } from '../../src/core/unit-event.ts';
import type { UnitRecord } from '../../src/core/unit.ts';
import type { Query, Store } from '../../src/store/contract.ts';

/** A reading of unit `u`; its time is its number. */
export function reading(seq: number, epoch = 'e', members: Partial<TakenReading> = {}): UnitReading {
  return { clientId: 'u', unit: 'u', reading: { epoch, seq, time: seq, sensor: 'test', values: {}, ...members } };
}

/** A reading of unit `u` as a v1 client sends it, without a label. */
export function unlabelled(members: Partial<TakenReading> = {}): UnitReading {
  return { ...reading(0), reading: { ...reading(0).reading, epoch: undefined, seq: undefined, ...members } };
}

/** Readings `from` to `to` of the unit, in one epoch; each has three values. */
export function readings(from: number, to: number, clientId = 'u', epoch = 'e'): UnitReading[] {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const seq = from + index;
    const values = { used: seq * 1_000, available: seq + 0.5, total: -seq };
    return { clientId, unit: clientId, reading: { epoch, seq, time: seq, sensor: 'ram', values } };
  });
}

/** Gap `number` of a unit, which kept this machine off from its `fromMs` to its `toMs`. */
export function gapRecord(number: number, members: Partial<GapRecord> = {}): GapRecord {
  const fromMs = members.fromMs ?? number * 100;
  return { clientId: 'u', number, reason: 'host-off', fromMs, filledMs: fromMs, toMs: fromMs + 50, ...members };
}

export function keeping(...gaps: readonly GapRecord[]): GapChange[] {
  return gaps.map((gap) => ({ clientId: gap.clientId, number: gap.number, gap }));
}

/** What happened to unit `u` at that time. */
export function eventRecord(timeMs: number, members: Partial<UnitEventRecord> = {}): UnitEventRecord {
  return { clientId: 'u', timeMs, event: 'registered', details: { peer: '192.0.2.7', v: 2 }, ...members };
}

export function unitRecord(clientId: string, members: Partial<UnitRecord> = {}): UnitRecord {
  return {
    clientId,
    name: `name of ${clientId}`,
    askedName: 'asked',
    v: 2,
    ip: '192.0.2.7',
    port: 45_678,
    peer: '192.0.2.7',
    interval: { confirmedSeconds: 10, wantedSeconds: 5, rev: 2, confirmedRev: 1, assumed: false, tcpOnly: true },
    registeredMs: 1_795_255_200_000,
    lastSeenMs: 1_795_255_200_123,
    left: false,
    ...members,
  };
}

/** A machine with a key that is as long as a true one and begins as it is called here. */
export function machineRecord(key: string, members: Partial<MachineRecord> = {}): MachineRecord {
  return {
    publicKey: keyOf(key),
    clientId: `id-of-${key}`,
    name: `name of ${key}`,
    state: 'approved',
    firstSeenMs: 1_795_255_200_000,
    lastSeenMs: 1_795_255_200_123,
    peer: '192.0.2.7',
    ...members,
  };
}

export function keyOf(machine: string): string {
  return machine.padEnd(43, '_');
}

export function keepingMachines(...machines: readonly MachineRecord[]): MachineChange[] {
  return machines.map((machine) => ({ publicKey: machine.publicKey, machine }));
}

export function tokenRecord(id: string, members: Partial<JoinTokenRecord> = {}): JoinTokenRecord {
  return {
    id,
    hash: id.padEnd(43, '-'),
    usesMax: 3,
    uses: 1,
    createdMs: 1_795_255_200_000,
    expiresMs: 1_795_258_800_000,
    revoked: false,
    ...members,
  };
}

export function keepingTokens(...tokens: readonly JoinTokenRecord[]): JoinTokenChange[] {
  return tokens.map((token) => ({ id: token.id, token }));
}

/** All that a query answers; without bounds all that is stored of unit `u`. */
export async function found(store: Pick<Store, 'query'>, query: Partial<Query> = {}): Promise<UnitReading[]> {
  const all: UnitReading[] = [];
  const whole = { clientId: 'u', fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY, ...query };
  for await (const one of store.query(whole)) all.push(one);
  return all;
}

export async function foundSeqs(
  store: Pick<Store, 'query'>,
  query: Partial<Query> = {},
): Promise<(number | undefined)[]> {
  return (await found(store, query)).map(({ reading }) => reading.seq);
}
