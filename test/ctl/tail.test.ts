import { expect, onTestFinished, test, vi } from 'vitest';
import { Writable } from 'node:stream';
import { freePort, nobodyPort } from '../free-port.ts';
import { FakeHub, serve, unitReading, unitView, until } from '../http/fake-hub.ts';
import type { Served } from '../http/fake-hub.ts';
import { lazyOutput, run, start } from './run.ts';
import type { Run, RunOptions } from './run.ts';
import { stranger } from './stranger.ts';

/** Follows, and commits now and then until the first line is there: only then is it known to listen. */
async function follow(api: Served, line: string, options: RunOptions = {}): Promise<Run> {
  const tail = start(line, { api: api.url, ...options });
  await heard(api, tail);
  return tail;
}

async function heard(api: Served, tail: Run): Promise<void> {
  const before = tail.stdout().length;
  await until(() => {
    api.hub.commit(unitReading(1));
    return tail.stdout().length > before;
  }, 'the first line');
}

test('tail prints each stored reading as a line like the log, until it is ended, with exit code 0', async () => {
  await using api = await serve();
  const tail = await follow(api, 'tail');
  api.hub.say('lost', { unit: 'bench-03' });
  api.hub.commit(unitReading(2, { unit: 'other' }));
  await until(() => tail.stdout().includes('other'), 'the reading');
  tail.end();
  expect(await tail.exitCode).toBe(0);
  expect(tail.stdout()).toMatch(
    /^\d\d:\d\d:\d\d\.000 reading bench-03 cpu_temp coretemp\/Package id 0 {2}celsius=54\.5\n/,
  );
  expect(tail.stdout()).not.toContain('lost');
  expect(tail.stderr()).toBe('');
});

test('tail --json prints the data of the events, one a line', async () => {
  await using api = await serve();
  const tail = await follow(api, 'tail --json');
  tail.end();
  await tail.exitCode;
  const [first = ''] = tail.stdout().split('\n');
  expect(JSON.parse(first)).toEqual({
    time: '2026-11-21T10:00:00.000Z',
    level: 'info',
    event: 'reading',
    unit: 'bench-03',
    client_id: 'Yw1l0Ck3aT8mQ2vN5xR7sA',
    sensor: 'cpu_temp',
    id: 'coretemp/Package id 0',
    epoch: '5f2c91e0',
    seq: 1,
    taken: Date.UTC(2026, 10, 21, 10),
    celsius: 54.5,
  });
});

test('tail NAME has the readings of that unit only', async () => {
  await using api = await serve({ hub: new FakeHub(unitView(), unitView({ client_id: 'x', name: 'other' })) });
  const tail = await follow(api, 'tail bench-03');
  api.hub.commit(unitReading(2, { unit: 'other', clientId: 'x' }));
  await heard(api, tail);
  tail.end();
  await tail.exitCode;
  expect(tail.stdout()).not.toContain('other');
});

test('tail says that the server has gone, and goes on when it is back', async () => {
  const api = await serve({ port: await freePort() });
  const tail = await follow(api, 'tail');
  await api.close();
  await until(() => tail.stderr().includes('trying again'), 'the loss');
  await using again = await serve({ port: api.port });
  await heard(again, tail);
  tail.end();
  expect(await tail.exitCode).toBe(0);
  expect(tail.stderr()).toContain(`lost http://127.0.0.1:${api.port}/: the server has ended the stream; trying again.`);
  expect(tail.stderr()).toContain('connected again');
});

test('tail can be ended while the server is away', async () => {
  const api = await serve();
  const tail = await follow(api, 'tail');
  await api.close();
  await until(() => tail.stderr().includes('trying again'), 'the loss');
  tail.end();
  expect(await tail.exitCode).toBe(0);
});

test('tail takes a server that sends nothing, not even heartbeats, for gone', async () => {
  await using api = await serve();
  const tail = await follow(api, 'tail', { patience: { silenceMsMax: 30 } });
  await until(() => tail.stderr().includes('connected again'), 'the second connection');
  tail.end();
  await tail.exitCode;
  expect(tail.stderr()).toContain('The server has said nothing for 0.03 s.; trying again');
});

test('tail does not hurry a server that lets it in and has nothing to say', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  onTestFinished(() => void vi.restoreAllMocks());
  await using server = await stranger((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end();
  });
  const patience = { reconnectFirstMs: 60_000, reconnectMsMax: 60_000 };
  const tail = start('tail', { api: server.url, patience });
  await until(() => tail.stderr().includes('trying again'), 'the loss');
  for (let round = 0; round < 20; round += 1) await (await fetch(`${server.url}/mine`)).text();
  tail.end();
  expect(await tail.exitCode).toBe(0);
  expect(server.requests.filter((request) => request !== 'GET /mine')).toHaveLength(1);
});

test('tail ends quietly when nobody reads its output any more', async () => {
  await using api = await serve();
  const stdout = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    },
  });
  const tail = start('tail', { api: api.url, stdout });
  let ended = false;
  void tail.exitCode.then(() => (ended = true));
  await until(() => {
    api.hub.commit(unitReading(1));
    return ended;
  }, 'the end');
  expect([await tail.exitCode, tail.stderr()]).toEqual([0, '']);
});

test('output that cannot be written for another reason is a failure', async () => {
  await using api = await serve();
  const stdout = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }));
    },
  });
  const tail = start('tail', { api: api.url, stdout });
  let ended = false;
  void tail.exitCode.then(() => (ended = true));
  await until(() => {
    api.hub.commit(unitReading(1));
    return ended;
  }, 'the end');
  expect([await tail.exitCode, tail.stderr()]).toEqual([1, expect.stringContaining('no space left')]);
});

test('tail whose output is read slowly is told what it has missed, and says so', async () => {
  await using api = await serve({ limits: { streamBufferedBytesMax: 65_536 } });
  const stdout = lazyOutput();
  const tail = start('tail', { api: api.url, stdout });
  await until(() => {
    api.hub.commit(unitReading(1));
    return stdout.readableLength > 0;
  }, 'the first line');
  for (let batch = 0; batch < 300; batch += 1) {
    api.hub.commit(...Array.from({ length: 256 }, (_, index) => unitReading(index + 1)));
    await new Promise((resolve) => setImmediate(resolve));
  }
  stdout.resume();
  await until(() => tail.stderr().includes('readings are left out here'), 'the gap');
  tail.end();
  expect(await tail.exitCode).toBe(0);
  expect(tail.stderr()).toMatch(
    /telemetryctl: \d+ readings are left out here: they came faster than they were taken\.\n/,
  );
});

test('tail of a server that was never there fails after a few tries', async () => {
  const { exitCode, stderr } = await run('tail', { api: `http://127.0.0.1:${nobodyPort}` });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('is telemetry-server running')]);
});

test('a stream may last longer than its opening may', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    await using api = await serve();
    const tail = await follow(api, 'tail');
    vi.advanceTimersByTime(16_000);
    await heard(api, tail);
    tail.end();
    expect([await tail.exitCode, tail.stderr()]).toEqual([0, '']);
  } finally {
    vi.useRealTimers();
  }
});
