import { afterAll, beforeAll, expect, test } from 'vitest';
import { RawClient, readingText, startTestServer, type RunningServer } from './in-process.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server.stop();
});

test('a known id resumes its unit, with the highest seq of the epoch that it names', async () => {
  const first = new RawClient(server.port);
  const { client_id: clientId, seq } = await first.register({ name: 'resumed' });
  expect(seq).toBe(0);
  first.send('!INFO', readingText(41));
  expect(await first.answer()).toBe('!INFO: RECEIVED');
  first.close();
  const second = new RawClient(server.port);
  expect(await second.register({ name: 'resumed', id: clientId })).toMatchObject({ client_id: clientId, seq: 41 });
  second.send('!DISC');
  await second.answer();
  const third = new RawClient(server.port);
  const again = await third.register({ name: 'resumed', id: clientId, epoch: '00000001' });
  expect(again).toMatchObject({ client_id: clientId, seq: 0 });
  third.close();
});

test('a registration for a unit that is live takes it over', async () => {
  const former = new RawClient(server.port);
  const { client_id: clientId } = await former.register({ name: 'contested' });
  const latter = new RawClient(server.port);
  expect(await latter.register({ name: 'contested', id: clientId })).toMatchObject({ client_id: clientId });
  expect(await former.next()).toBe('closed');
  latter.send('!INFO', readingText(1));
  expect(await latter.answer()).toBe('!INFO: RECEIVED');
  const units = (await (await fetch(`${server.api}/units`)).json()) as { name: string; state: string }[];
  expect(units.filter(({ name }) => name === 'contested')).toMatchObject([{ state: 'online' }]);
  latter.close();
});

test('a reading that comes twice is acknowledged twice and logged once', async () => {
  const client = new RawClient(server.port);
  await client.register({ name: 'stutterer' });
  client.send('!INFO', readingText(5)).send('!INFO', readingText(5)).send('!INFO', readingText(4));
  for (let count = 0; count < 3; count += 1) expect(await client.answer()).toBe('!INFO: RECEIVED');
  client.send('!INFO', readingText(6));
  await client.answer();
  await server.log.waitFor('reading', ({ unit, seq }) => unit === 'stutterer' && seq === 6);
  const logged = server.log.lines.filter(({ event, unit }) => event === 'reading' && unit === 'stutterer');
  expect(logged.map(({ seq }) => seq)).toEqual([5, 6]);
  client.close();
});

test('an unknown id is ignored, and the name from the same address found again', async () => {
  const first = new RawClient(server.port);
  const { client_id: clientId } = await first.register({ name: 'named', id: 'nobody' });
  first.send('!DISC');
  await first.answer();
  const second = new RawClient(server.port);
  expect(await second.register({ name: 'named' })).toMatchObject({ client_id: clientId });
  second.close();
});

test('a reading is one line of the log with the members of the wire', async () => {
  const client = new RawClient(server.port);
  const { client_id: clientId } = await client.register({ name: 'logged' });
  const data =
    '{"seq":1,"time":1795255200123,"sensor":"cpu_temp","id":"coretemp/Package id 0","source":"package","celsius":54.5}';
  client.send('!INFO', data);
  const line = await server.log.waitFor('reading', ({ unit }) => unit === 'logged');
  expect(line).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    level: 'info',
    event: 'reading',
    unit: 'logged',
    client_id: clientId,
    sensor: 'cpu_temp',
    id: 'coretemp/Package id 0',
    epoch: '5f2c91e0',
    seq: 1,
    taken: 1795255200123,
    source: 'package',
    celsius: 54.5,
  });
  client.close();
});

test('a server that leaves says so to its v2 units after what was due', async () => {
  const leaving = await startTestServer();
  const client = new RawClient(leaving.port);
  await client.register({ name: 'left-behind' });
  client.send('!INFO', readingText(1));
  const stopped = leaving.log.waitFor('lost', ({ unit }) => unit === 'left-behind');
  expect(await client.answer()).toBe('!INFO: RECEIVED');
  const stop = leaving.stop();
  expect(await client.answer()).toMatch(/^!FAILshutting-down /);
  expect(await client.next()).toBe('closed');
  client.close();
  await stop;
  await stopped;
});
