import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Agent, type Uplink } from '../../src/client/agent.ts';
import { MemorySpool } from '../../src/client/memory-spool.ts';
import type { Dropped, Spool } from '../../src/client/spool/contract.ts';
import type { Fields } from '../../src/core/log.ts';
import type { LabelledReading, Reading } from '../../src/core/reading.ts';
import type { ClientInput } from '../../src/session/client-contract.ts';
import { createManualClock } from '../manual-clock.ts';
import { opened, readings } from './spool/opened.ts';

interface Started {
  readonly agent: Agent;
  readonly inputs: readonly ClientInput[];
  readonly logged: readonly { readonly level: string; readonly event: string; readonly fields: Fields | undefined }[];
  readonly round: () => Promise<void>;
}

/** An agent with a server of version `v` that takes 256 readings, and a sensor with one reading. */
function started(spool: Spool, v: 1 | 2 = 2): Started {
  const clock = createManualClock();
  const inputs: ClientInput[] = [];
  const logged: { level: string; event: string; fields: Fields | undefined }[] = [];
  const uplink: Uplink = { room: v === 2 ? 256 : 0, v, input: (input) => void inputs.push(input) };
  const reading: Reading = { sensor: 'test', values: { value: 1 } };
  const agent = new Agent({
    clock,
    log: (level, event, fields) => void logged.push({ level, event, fields }),
    read: async () => [reading],
    drawEpoch: () => 'eeeeeeee',
    sha256: (text) => text,
    registered: () => undefined,
    stopped: () => undefined,
    intervalSeconds: 1,
    spool,
  });
  agent.start(uplink);
  const round = async (): Promise<void> => {
    clock.advance(1_000);
    await setImmediate();
  };
  return { agent, inputs, logged, round };
}

const sent = (inputs: readonly ClientInput[]): LabelledReading[] =>
  inputs.flatMap((input) => (input.type === 'offer' || input.type === 'round' ? input.readings : []));

/** A spool in memory, but for what adding to it does. */
function memorySpool(add: (memory: Spool, round: readonly LabelledReading[]) => Promise<readonly Dropped[]>): Spool {
  const memory = new MemorySpool(10);
  return {
    get size() {
      return memory.size;
    },
    get holdsRounds() {
      return memory.holdsRounds;
    },
    add: (round) => add(memory, round),
    take: (max) => memory.take(max),
    release: (reading) => {
      memory.release(reading);
    },
    releaseThrough: (epoch, seq) => {
      memory.releaseThrough(epoch, seq);
    },
    rewind: () => {
      memory.rewind();
    },
    whenReady: () => undefined,
  };
}

test.each([1, 2] as const)('a reading is in the spool before it is sent to a version %s server', async (v) => {
  let write: () => void = () => undefined;
  const spool = memorySpool(async (memory, round) => {
    await new Promise<void>((resolve) => (write = resolve));
    return memory.add(round);
  });
  const { agent, inputs } = started(spool, v);
  await setImmediate();
  agent.offer();
  agent.perform({ type: 'registered', grant: { clientId: 'a', tcpPort: 1, v, seconds: 1, rev: 1, seq: 0, token: '' } });
  expect(sent(inputs)).toEqual([]);
  write();
  await setImmediate();
  expect(sent(inputs).map(({ seq }) => seq)).toEqual([1]);
});

test('a backlog on disk is offered as soon as it has been read', async () => {
  const first = await opened();
  await first.spool.add(readings('a', 1, 3, 1_000));
  const { spool } = await opened(first.folder.copy());
  const { inputs } = started(spool);
  await setImmediate();
  await setImmediate();
  expect(sent(inputs).map(({ epoch, seq }) => `${epoch}${seq}`)).toEqual(['eeeeeeee1', 'eeeeeeee2', 'a1', 'a2', 'a3']);
});

test('what the server has answered leaves the disk', async () => {
  const { spool } = await opened();
  const { agent, inputs, round } = started(spool);
  await round();
  const taken = sent(inputs);
  expect(spool.size).toBe(taken.length);
  agent.perform({ type: 'released', readings: taken, refused: undefined });
  expect(spool.size).toBe(0);
});

test('a connection with a backlog on disk gets a new epoch for new readings', async () => {
  const first = await opened();
  await first.spool.add(readings('a', 1, 1, 1_000));
  const { spool } = await opened(first.folder.copy());
  let drawn = 0;
  const agent = new Agent({
    clock: createManualClock(),
    log: () => undefined,
    read: async () => [],
    drawEpoch: () => `0000000${(drawn += 1)}`,
    sha256: (text) => text,
    registered: () => undefined,
    stopped: () => undefined,
    intervalSeconds: 1,
    spool,
  });
  expect(agent.introduce().epoch).toBe('00000002');
});

test('a new connection is offered all that no answer came for, also where the server knows a higher number', async () => {
  const { agent, inputs, round } = started(new MemorySpool(10));
  await round();
  const offered = sent(inputs);
  expect(offered).toHaveLength(1);
  agent.perform({ type: 'lost', reason: 'reset', retryMs: 1_000 });
  const known = offered[0]?.seq ?? 0;
  const grant = { v: 2, clientId: 'id', tcpPort: 1, seconds: 1, rev: 0, token: '' } as const;
  agent.perform({ type: 'registered', grant: { ...grant, seq: known + 5 } });
  agent.offer();
  expect(sent(inputs)).toEqual([...offered, ...offered]);
});

test('what was dropped is logged, and told to the server for each reason', async () => {
  const losses: Dropped[] = [
    { count: 3, fromMs: 1_000, toMs: 2_000, reason: 'spool full' },
    { count: 2, fromMs: 3_000, toMs: 4_000, reason: 'spool damaged' },
  ];
  const spool = memorySpool(async (memory, round) => {
    await memory.add(round);
    return losses.splice(0);
  });
  const { inputs, logged, round } = started(spool);
  await setImmediate();
  await round();
  await round();
  expect(logged.filter(({ event }) => event === 'spool-dropped').map(({ fields }) => fields)).toEqual([
    { count: 3, from: '1970-01-01T00:00:01.000Z', to: '1970-01-01T00:00:02.000Z', reason: 'spool full' },
    { count: 2, from: '1970-01-01T00:00:03.000Z', to: '1970-01-01T00:00:04.000Z', reason: 'spool damaged' },
  ]);
  const own = sent(inputs).filter(({ sensor, source }) => sensor === 'agent' && source !== undefined);
  expect(own.map(({ source, values }) => [source, values])).toEqual([
    ['spool full', { backlog: 1, dropped: 3, dropped_from: 1_000, dropped_to: 2_000 }],
    ['spool damaged', { backlog: 1, dropped: 2, dropped_from: 3_000, dropped_to: 4_000 }],
  ]);
});

test('a refusal is told with the server’s words, and the end of its connection is no news besides', () => {
  const { agent, logged } = started(new MemorySpool(10));
  agent.perform({ type: 'lost', reason: 'pending: an operator has to approve bench-03', retryMs: 60_000.4 });
  agent.perform({ type: 'lost', reason: 'connect ECONNREFUSED', retryMs: 500 });
  const told = logged.filter(({ event }) => event === 'registration-refused' || event === 'connection-lost');
  expect(told).toEqual([
    {
      level: 'warn',
      event: 'registration-refused',
      fields: { code: 'pending', reason: 'an operator has to approve bench-03', retry_ms: 60_000, failures: 1 },
    },
    {
      level: 'debug',
      event: 'connection-lost',
      fields: { reason: 'pending: an operator has to approve bench-03', retry_ms: 60_000, failures: 1 },
    },
    {
      level: 'warn',
      event: 'connection-lost',
      fields: { reason: 'connect ECONNREFUSED', retry_ms: 500, failures: 2 },
    },
  ]);
});

test('the first lost connection is a warning, those that follow are counted', () => {
  const { agent, logged } = started(new MemorySpool(10));
  for (let count = 0; count < 2; count += 1) agent.perform({ type: 'lost', reason: 'cut', retryMs: 1 });
  expect(logged.filter(({ event }) => event === 'connection-lost').map(({ level }) => level)).toEqual([
    'warn',
    'debug',
  ]);
});

test('another reason is a warning of its own, such as a certificate that is not the pinned one; of many that only differ no more than eight are', () => {
  const { agent, logged } = started(new MemorySpool(10));
  for (const reason of ['cut', 'another fingerprint', 'cut', ...Array.from({ length: 10 }, (_, index) => `${index}`)])
    agent.perform({ type: 'lost', reason, retryMs: 1 });
  const warned = logged.filter(({ event, level }) => event === 'connection-lost' && level === 'warn');
  expect(warned.map(({ fields }) => Object(fields)['reason'])).toEqual(
    'cut,another fingerprint,0,1,2,3,4,5'.split(','),
  );
});

/** What each round tells of the client itself. */
function toldBacklogs(inputs: readonly ClientInput[]): readonly (number | undefined)[] {
  return sent(inputs)
    .filter(({ sensor }) => sensor === 'agent')
    .map(({ values }) => values['backlog']);
}

test('while it holds more than one round it tells how many readings, and once more when it has caught up', async () => {
  const { agent, inputs, round } = started(new MemorySpool(100));
  await setImmediate();
  await round();
  expect(toldBacklogs(inputs)).toEqual([]);
  await round();
  await round();
  expect(toldBacklogs(inputs)).toEqual([2, 4]);
  agent.perform({ type: 'released', readings: sent(inputs), refused: undefined });
  await round();
  agent.perform({ type: 'released', readings: sent(inputs), refused: undefined });
  await round();
  expect(toldBacklogs(inputs)).toEqual([2, 4, 0]);
});

test('a version 1 server, which would not understand it, is told of no backlog', async () => {
  const { inputs, round } = started(new MemorySpool(100), 1);
  await setImmediate();
  for (let count = 0; count < 4; count += 1) await round();
  expect(toldBacklogs(inputs)).toEqual([]);
});
