import { expect, test } from 'vitest';
import { FramePace, framesALook } from '../../src/transport/frame-pace.ts';
import type { ServerConnection } from '../../src/transport/server-connection.ts';
import { PlayedLink } from './played-link.ts';
import { PlayedServer, readings, registration, wire } from './played-server.ts';

function setUp(framesPerSecondMax: number) {
  const server = new PlayedServer({ framesPerSecondMax });
  const join = (): { readonly link: PlayedLink; readonly connection: ServerConnection | undefined } => {
    const link = new PlayedLink();
    const connection = server.accept(link);
    link.send(registration);
    return { link, connection };
  };
  return { server, join };
}

/** Sends as TCP would have it: what has not been read yet waits. Answers how long it took until all was stored. */
function drain(server: PlayedServer, { link, connection }: ReturnType<ReturnType<typeof setUp>['join']>, to: number) {
  const startMs = server.clock.monotonicMs();
  let sent = 0;
  while (server.stored(connection) < to) {
    if (link.isReading) link.send(readings(sent + 1, (sent += 1)));
    else server.clock.advance(1);
  }
  return server.clock.monotonicMs() - startMs;
}

test('a second’s worth of frames at once is read on, and one more stops the reading', () => {
  const { server, join } = setUp(100);
  const { link } = join();
  // The registration was one.
  for (let seq = 1; seq <= 99; seq += 1) link.send(readings(seq, seq));
  expect(link.isReading).toBe(true);
  link.send(readings(100, 100));
  expect(link.isReading).toBe(false);
  // It goes on when there is room for ten, not frame by frame.
  server.clock.advance(100);
  expect(link.isReading).toBe(false);
  server.clock.advance(60);
  expect(link.isReading).toBe(true);
});

test('what had been read when the reading stopped waits for it to go on, and comes in its order', async () => {
  const { server, join } = setUp(10);
  const { link, connection } = join();
  link.send(readings(1, 20) + readings(21, 21).slice(0, 30));
  link.send(readings(21, 21).slice(30) + readings(22, 25));
  link.events?.ended();
  expect(server.stored(connection)).toBe(10);
  while (server.stored(connection) < 25 && server.clock.monotonicMs() < 10_000) {
    await server.pass(50);
  }
  // A second's worth at once, and 15 more.
  expect(server.clock.monotonicMs()).toBeGreaterThanOrEqual(1_500);
  const seqs = server.actions.flatMap(({ action }) => (action.type === 'store' ? [action.reading.seq] : []));
  expect(seqs).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
  expect(link.done).toEqual(['ended']);
});

test('once what waited has been dealt with, the socket is read again, and nothing comes twice', async () => {
  const { server, join } = setUp(10);
  const { link, connection } = join();
  link.send(readings(1, 15));
  expect(link.isReading).toBe(false);
  await server.pass(2_000);
  expect([server.stored(connection), link.isReading]).toEqual([15, true]);
  link.send(readings(16, 16));
  expect(server.stored(connection)).toBe(16);
});

test('a fault behind frames that wait is found when they have been dealt with', async () => {
  const { server, join } = setUp(10);
  const { link, connection } = join();
  link.send(`${readings(1, 12)}no frame`);
  expect(link.written).not.toContain('bad-frame');
  await server.pass(1_000);
  expect(server.stored(connection)).toBe(12);
  expect(link.written).toContain('!FAILbad-frame');
});

test('of frames that are refused, 10 a second are read, whatever the rate', async () => {
  const { server, join } = setUp(5_000);
  const { link } = join();
  link.send(wire('!HELO').repeat(200));
  const refused = (): number => server.actions.filter(({ action }) => action.type === 'refusal').length;
  const atOnce = refused();
  expect(atOnce).toBeGreaterThanOrEqual(9);
  expect(atOnce).toBeLessThanOrEqual(11);
  await server.pass(2_000);
  expect(refused() - atOnce).toBeGreaterThanOrEqual(17);
  expect(refused() - atOnce).toBeLessThanOrEqual(23);
});

test('frames at the limit’s speed are never held up', () => {
  const { server, join } = setUp(100);
  const { link } = join();
  for (let seq = 1; seq <= 2_000; seq += 1) {
    server.clock.advance(10);
    link.send(readings(seq, seq));
    expect(link.isReading).toBe(true);
  }
});

test('a backlog drains at the limit’s speed, and nothing of it is dropped', () => {
  const { server, join } = setUp(1_000);
  // A second's worth at once, and 9 s for the others; an alarm may be 50 ms late at the end.
  const tookMs = drain(server, join(), 10_000);
  expect(tookMs).toBeGreaterThanOrEqual(8_900);
  expect(tookMs).toBeLessThanOrEqual(9_200);
});

test('while one is held up, others are read as they come', () => {
  const { server, join } = setUp(100);
  const [greedy, modest] = [join(), join()];
  greedy.link.send(readings(1, 500));
  expect(greedy.link.isReading).toBe(false);
  for (let seq = 1; seq <= 50; seq += 1) modest.link.send(readings(seq, seq));
  expect(modest.link.isReading).toBe(true);
  expect(server.stored(modest.connection)).toBe(50);
});

test('time in which it was not read makes no unit late or lost', async () => {
  const { server, join } = setUp(1);
  const { link, connection } = join();
  // At an interval of 10 s it would be lost after 30 s; its next frame is read after 39 s or so.
  server.change({ framesPerSecondMax: 1_000 });
  link.send(readings(1, 900));
  server.change({ framesPerSecondMax: 0.05 });
  link.send(readings(901, 1_100));
  expect(link.isReading).toBe(false);
  const stored = server.stored(connection);
  await server.pass(35_000);
  expect(server.stored(connection)).toBe(stored);
  await server.pass(20_000);
  expect(server.stored(connection)).toBeGreaterThan(stored);
  const states = server.actions.flatMap(({ action }) => (action.type === 'state' ? [action.state] : []));
  expect(states).toEqual(['online']);
});

test('a connection that ends while it is held up leaves no alarm behind', () => {
  const { server, join } = setUp(10);
  const { link, connection } = join();
  link.send(readings(1, 60));
  expect(link.isReading).toBe(false);
  link.events?.closed('reset');
  expect(server.closed(connection)).toBe('reset');
  expect(server.timers).toBe(0);
});

test('a rate that changes holds from the next look on', () => {
  const { server, join } = setUp(10);
  const greedy = join();
  server.change({ framesPerSecondMax: 1_000 });
  expect(drain(server, greedy, 900)).toBeLessThan(200);
});

test('the clock is looked at ten times a second at full speed, and as the limit comes near', () => {
  const pace = new FramePace();
  const looks: number[] = [];
  for (let frames = framesALook(5_000); frames <= 5_001; frames = pace.next) {
    looks.push(frames);
    if (pace.look(frames, 5_000, 0) > 0) break;
  }
  expect(looks.at(-1)).toBe(5_001);
  expect(looks.length).toBeLessThanOrEqual(25);
});
