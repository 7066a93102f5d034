import { expect, test } from 'vitest';
import type { EventSocket } from '../../src/http/event-reader.ts';
import { httpLimits } from '../../src/http/http-limits.ts';
import { FleetReader } from '../../src/http/live/fleet-reader.ts';
import { FleetStreams } from '../../src/http/live/fleet-streams.ts';
import { Places } from '../../src/http/places.ts';
import { FakeHub, ManualClock, startMs, unitReading, unitView, until } from './fake-hub.ts';

/** A socket that takes what is written while the test lets it. */
class FakeSocket implements EventSocket {
  writableLength = 0;
  writableNeedDrain = false;
  isSlow = false;
  text = '';

  write(chunk: string | Buffer): boolean {
    this.text += chunk.toString();
    this.writableNeedDrain = this.isSlow;
    return !this.writableNeedDrain;
  }

  end(): void {
    this.text += 'END';
  }

  destroy(): void {
    this.text += 'CUT';
  }

  /** Names of the events, with the `client_id`s of the values that they have. */
  get told(): readonly string[] {
    return [...this.text.matchAll(/event: (\w+)\ndata: (.*)\n/g)].map(([, name, data]) => {
      const { values = [] } = Object(JSON.parse(data ?? ''));
      return [name, ...values.map(([id]: [string]) => id)].join(' ');
    });
  }
}

interface World extends Disposable {
  readonly streams: FleetStreams;
  /** Changes a unit, and lets a turn pass that a reader who is not slow hears of. */
  turn(id: string): Promise<void>;
  /** Somebody who listens from now on. */
  reader(): Promise<{ readonly reader: FleetReader; readonly socket: FakeSocket }>;
  readonly clock: ManualClock;
}

function world(...ids: readonly string[]): World {
  const clock = new ManualClock();
  const hub = new FakeHub(...ids.map((id) => unitView({ client_id: id, name: id })));
  const places = new Places(9);
  const streams = new FleetStreams({ fleet: hub, feed: hub, clock, limits: httpLimits, places });
  const witness = new FakeSocket();
  streams.add(new FleetReader(witness, { clientId: undefined, formerTick: undefined }, httpLimits), () => true);
  let turns = 0;
  return {
    clock,
    streams,
    async turn(id) {
      turns += 1;
      const last_seen = new Date(startMs + turns).toISOString();
      for (const unit of hub.units()) if (unit.client_id === id) hub.all.set(id, { ...unit, last_seen });
      hub.commit(unitReading(turns, { clientId: id, unit: id }));
      clock.pass(httpLimits.fleetBatchMs);
      await until(() => witness.told.length === turns + 1, 'the turn');
    },
    async reader() {
      const socket = new FakeSocket();
      const reader = new FleetReader(socket, { clientId: undefined, formerTick: undefined }, httpLimits);
      streams.add(reader, () => true);
      await until(() => socket.told.length === 1, 'the fleet');
      return { reader, socket };
    },
    [Symbol.dispose]: () => void streams.end(),
  };
}

test('readers that are behind by different turns each hear all that they have missed', async () => {
  using fleet = world('a', 'b', 'c');
  const [one, other] = [await fleet.reader(), await fleet.reader()];
  one.socket.writableNeedDrain = true;
  await fleet.turn('a');
  other.socket.writableNeedDrain = true;
  await fleet.turn('b');
  for (const { socket, reader } of [one, other]) {
    socket.writableNeedDrain = false;
    fleet.streams.drained(reader);
  }
  await fleet.turn('c');
  expect(one.socket.told).toEqual(['fleet', 'changes a b c']);
  // Of `a` it hears again: one text for all who are behind.
  expect(other.socket.told).toEqual(['fleet', 'changes a', 'changes a b c']);
});

test('a reader that has drained hears of it though nothing changes any more', async () => {
  using fleet = world('a');
  const { socket, reader } = await fleet.reader();
  socket.writableNeedDrain = true;
  await fleet.turn('a');
  socket.writableNeedDrain = false;
  fleet.streams.drained(reader);
  fleet.clock.pass(httpLimits.fleetBatchMs);
  await until(() => socket.told.length === 2, 'what it has missed');
  expect(socket.told).toEqual(['fleet', 'changes a']);
});

test('an event of several pieces goes out as its reader takes it, and no comment comes in between', () => {
  const socket = new FakeSocket();
  socket.isSlow = true;
  const reader = new FleetReader(socket, { clientId: undefined, formerTick: undefined }, httpLimits);
  reader.tell(
    ['1', '2', '3'].map((text) => Buffer.from(text)),
    { tick: 1, events: 0 },
  );
  expect([socket.text, reader.isReady]).toEqual(['1', false]);
  reader.beat();
  socket.writableNeedDrain = false;
  reader.beat();
  expect(socket.text).toBe('1');
  reader.drained();
  socket.writableNeedDrain = false;
  reader.drained();
  expect([socket.text, reader.isReady]).toEqual(['123', false]);
  socket.writableNeedDrain = false;
  reader.beat();
  expect(socket.text).toBe('123: still here\n\n');
  socket.writableNeedDrain = false;
  reader.end();
  reader.tell([Buffer.from('4')], { tick: 2, events: 0 });
  expect(socket.text).toBe('123: still here\n\nEND');
});

test('a reader that takes nothing for four heartbeats is cut off', () => {
  const socket = new FakeSocket();
  socket.isSlow = true;
  const reader = new FleetReader(socket, { clientId: undefined, formerTick: undefined }, httpLimits);
  reader.tell([Buffer.from('1'), Buffer.from('2')], { tick: 1, events: 0 });
  socket.writableLength = 1;
  for (let beat = 0; beat < 3; beat += 1) reader.beat();
  expect(socket.text).toBe('1');
  reader.beat();
  expect(socket.text).toBe('1CUT');
});
