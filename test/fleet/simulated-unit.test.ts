import { expect, test } from 'vitest';
import { acknowledgement, framed, type Frame } from '../../src/framing/frame.ts';
import { FrameDecoder } from '../../src/framing/decoder.ts';
import type { Cut } from '../../src/fleet/cuts.ts';
import { SimulatedUnit } from '../../src/fleet/simulated-unit.ts';
import { Tally } from '../../src/fleet/tally.ts';

const epoch = '5f2c91e0';
const answer = acknowledgement('!INFO', false);

/** A unit, what it writes on its connection, and a server's part played by the test. */
class Bench {
  readonly tally = new Tally();
  readonly cuts: (Cut | undefined)[] = [];
  readonly unit: SimulatedUnit;
  away = 0;
  isCut = false;
  #written = '';

  constructor(dueMs?: (unit: number, seq: number) => number) {
    this.unit = new SimulatedUnit({
      unit: 0,
      name: 'fleet-1',
      epoch,
      dueMs,
      cuts: { next: () => this.cuts.shift() },
      tally: this.tally,
      registered: () => undefined,
      away: () => (this.away += 1),
    });
  }

  /** Connects and registers; the server says that it holds up to `seq`. */
  register(seq = 0, nowMs = 0): void {
    this.isCut = false;
    this.#written = '';
    this.unit.dialled({ write: (text) => (this.#written += text), cut: () => (this.isCut = true) }, nowMs);
    this.unit.connected(nowMs);
    this.unit.frame(grant(seq), nowMs);
  }

  /** Numbers of the readings, or the commands, that it has written since it was asked last. */
  written(): (number | string)[] {
    const frames = new FrameDecoder().push(Buffer.from(this.#written));
    this.#written = '';
    return frames.map(({ command, data }) => (command === '!INFO' ? JSON.parse(data).seq : command));
  }

  get faults(): readonly string[] {
    return this.tally.counts({ unanswered: 0, busy: 0 }).faults;
  }
}

function grant(seq: number, clientId = 'Yw1l0Ck3aT8mQ2vN5xR7sA'): Frame {
  const members = {
    client_id: clientId,
    tcp_port: 1,
    interval: 10,
    v: 2,
    seq,
    rev: 1,
    token: 'AAECAwQFBgcICQoLDA0ODw',
  };
  return framed('!SUCC', JSON.stringify(members));
}

test('in a closed loop the next reading follows the answer to the last one', () => {
  const bench = new Bench();
  bench.register();
  expect(bench.written()).toEqual(['!RGTR']);
  bench.unit.begin(1_000);
  expect(bench.written()).toEqual([1]);
  bench.unit.frame(answer, 1_004);
  expect(bench.written()).toEqual([2]);
  expect(bench.tally.latency.quantileMs(1)).toBeCloseTo(4, 1);
  expect(bench.unit.line).toMatchObject({ acknowledged: 1, sent: 2, refused: [] });
});

test('in an open loop a reading goes out when it is due, unanswered ones or not, and its latency counts from then', () => {
  const bench = new Bench((_unit, seq) => seq * 100);
  bench.register();
  bench.unit.begin(0);
  for (const seq of [1, 2, 3]) bench.unit.due(seq, seq * 100 + 1);
  expect(bench.written()).toEqual(['!RGTR', 1, 2, 3]);
  bench.unit.acknowledge(3, 400);
  expect(bench.tally.latency.size).toBe(3);
  expect(bench.tally.latency.quantileMs(0)).toBeCloseTo(100, -0.5);
  expect(bench.tally.latency.quantileMs(1)).toBeCloseTo(300, -1);
});

test('at most 256 readings are unanswered, and the others follow', () => {
  const bench = new Bench((_unit, seq) => seq);
  bench.register();
  bench.unit.begin(0);
  bench.unit.due(300, 300);
  expect(bench.written()).toHaveLength(1 + 256);
  bench.unit.acknowledge(1, 301);
  expect(bench.written()).toEqual([257]);
  expect(bench.unit.unanswered).toBe(299);
});

test('what is unanswered when a connection ends goes out again under its number, stored or not', () => {
  const bench = new Bench((_unit, seq) => seq);
  bench.register();
  bench.unit.begin(0);
  bench.unit.due(3, 3);
  bench.unit.acknowledge(1, 4);
  bench.unit.disconnected();
  expect(bench.away).toBe(1);
  bench.unit.due(4, 4);
  bench.register(3);
  expect(bench.written()).toEqual(['!RGTR', 2, 3, 4]);
  expect(bench.tally).toMatchObject({ broken: 1, connections: 2, registered: 1, resent: 2, sent: 6, acknowledged: 1 });
  expect(bench.faults).toEqual([]);
});

test.each<[Cut, readonly number[]]>([
  ['before', [1]],
  ['within', [1]],
  ['after', [1, 2]],
])('a connection that is cut %s a reading has had the readings up to there', (cut, arrived) => {
  const bench = new Bench((_unit, seq) => seq);
  bench.register();
  bench.unit.begin(0);
  bench.cuts.push(undefined, cut);
  bench.unit.due(3, 3);
  expect(bench.written()).toEqual(['!RGTR', ...arrived]);
  expect(bench).toMatchObject({ isCut: true, away: 1 });
  expect(bench.tally).toMatchObject({ cuts: 1, broken: 0 });
  bench.register();
  expect(bench.written()).toEqual(['!RGTR', 1, 2, 3]);
});

test('it leaves when all that was due is answered, and takes nothing more', () => {
  const bench = new Bench();
  bench.register();
  bench.unit.begin(0);
  bench.unit.finish(1);
  expect(bench.written()).toEqual(['!RGTR', 1]);
  bench.unit.frame(answer, 2);
  expect(bench.written()).toEqual(['!DISC']);
  bench.unit.frame(acknowledgement('!DISC', false), 3);
  expect(bench.unit.hasLeft).toBe(true);
  expect(bench.tally.registered).toBe(0);
});

test('where its connection ends while it leaves, or is away with nothing left to do, it does not dial just to say goodbye', () => {
  const bench = new Bench();
  bench.register();
  bench.unit.finish(0);
  expect(bench.written()).toEqual(['!RGTR', '!DISC']);
  bench.unit.disconnected();
  expect(bench.unit.hasLeft).toBe(true);
  const other = new Bench();
  other.unit.finish(0);
  expect(other.unit.hasLeft).toBe(true);
});

test('where something is unanswered it dials once more before it leaves', () => {
  const bench = new Bench();
  bench.register();
  bench.unit.begin(0);
  bench.unit.disconnected();
  bench.unit.finish(1);
  expect(bench.unit.hasLeft).toBe(false);
  bench.register();
  expect(bench.written()).toEqual(['!RGTR', 1]);
});

test('readings that were due before the latencies count are acknowledged and not measured', () => {
  const bench = new Bench((_unit, seq) => seq * 100);
  bench.tally.latencyFromMs = 200;
  bench.register();
  bench.unit.begin(0);
  bench.unit.due(3, 300);
  bench.unit.acknowledge(3, 301);
  expect(bench.tally.acknowledged).toBe(3);
  expect(bench.tally.latency.size).toBe(2);
});

test('a change of the interval over TCP is confirmed', () => {
  const bench = new Bench();
  bench.register();
  bench.unit.frame(framed('!UPDT', '{"interval":5,"rev":8,"tag":"u9KVvH1z-diOsYbNvLskig"}'), 1);
  expect(bench.written()).toEqual(['!RGTR', '!UPDT']);
});

test.each<[string, (bench: Bench) => void]>([
  ['an acknowledgement that answers nothing', ({ unit }) => unit.acknowledge(2, 1)],
  ['a refusal that answers nothing', refuseTwice],
  ['reading 1 is a right one and was refused: no', ({ unit }) => unit.frame(framed('!FAIL', 'bad-reading no'), 1)],
  ['!FAILbad-frame x, for a frame that is right', ({ unit }) => unit.frame(framed('!FAIL', 'bad-frame x'), 1)],
  ['!SUCC', ({ unit }) => unit.frame(grant(1), 1)],
  ['!DISC: RECEIVED, which answers nothing', ({ unit }) => unit.frame(acknowledgement('!DISC', false), 1)],
  ['bytes that are no frame', ({ unit }) => unit.nonsense('0x00')],
  ['acknowledged up to 1, and the server holds up to 0', (bench) => again(bench, 0)],
  ['sent up to 2, and the server holds up to 3', (bench) => again(bench, 3)],
])('it tells a wrong server: %s', (words, act) => {
  const bench = new Bench();
  bench.register();
  bench.unit.begin(0);
  act(bench);
  expect(bench.faults.at(-1)).toContain(words);
});

test('a server that calls a unit by another name when it comes again is a wrong one', () => {
  const bench = new Bench();
  bench.register();
  bench.unit.disconnected();
  bench.unit.dialled({ write: () => undefined, cut: () => undefined }, 0);
  bench.unit.connected(0);
  bench.unit.frame(grant(0, 'another'), 0);
  expect(bench.faults).toEqual(['fleet-1: registered as another, and before as Yw1l0Ck3aT8mQ2vN5xR7sA']);
});

test('a server that says store-unavailable is none that is wrong, and is counted', () => {
  const bench = new Bench();
  bench.register();
  bench.unit.begin(0);
  bench.unit.frame(framed('!FAIL', 'store-unavailable the disk is full'), 1);
  bench.unit.disconnected();
  expect(bench.tally.counts({ unanswered: 0, busy: 0 })).toMatchObject({
    failures: { 'store-unavailable': 1 },
    faultCount: 0,
  });
});

test('a connection on which nothing comes is given up: 15 s for the registration, 30 s for an answer', () => {
  const bench = new Bench();
  bench.unit.dialled({ write: () => undefined, cut: () => (bench.isCut = true) }, 0);
  bench.unit.connected(0);
  bench.unit.look(15_000);
  expect(bench.isCut).toBe(false);
  bench.unit.look(15_001);
  expect(bench.isCut).toBe(true);
  bench.register(0, 20_000);
  bench.unit.look(100_000);
  expect(bench.isCut).toBe(false);
  bench.unit.begin(100_000);
  bench.unit.look(130_000);
  expect(bench.isCut).toBe(false);
  bench.unit.look(130_001);
  expect(bench.isCut).toBe(true);
});

test('an answer in between shows that the server is there', () => {
  const bench = new Bench((_unit, seq) => seq);
  bench.register();
  bench.unit.begin(0);
  bench.unit.due(3, 3);
  bench.unit.acknowledge(1, 29_000);
  bench.unit.look(59_000);
  expect(bench.isCut).toBe(false);
  bench.unit.look(59_001);
  expect(bench.isCut).toBe(true);
});

/** Of one reading. */
function refuseTwice({ unit }: Bench): void {
  unit.finish(1);
  for (const nowMs of [2, 3]) unit.frame(framed('!FAIL', 'bad-reading no'), nowMs);
}

/** One answered, one sent; the connection ends, and the server then says that it holds up to `seq`. */
function again(bench: Bench, seq: number): void {
  bench.unit.frame(answer, 1);
  bench.unit.disconnected();
  bench.register(seq);
}
