import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RawClient, readingText, startTestServer, type RunningServer } from './in-process.ts';

let server: RunningServer;
const clients: RawClient[] = [];

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  for (const client of clients) client.close();
  await server.stop();
});

function dial(): RawClient {
  const client = new RawClient(server.port);
  clients.push(client);
  return client;
}

describe('what is no frame gets bad-frame and the end of its connection', () => {
  test.each([
    ['an HTTP request', 'GET / HTTP/1.1\r\n\r\n', 'byte 0 of the header is 0x47'],
    ['a length of zero', '0               ', 'a length of 0'],
    ['a length over the limit', '241             ', 'a length of 241'],
    ['a header that never ends', '12345678901234567890', 'byte 3 of the header is 0x34'],
    ['a command in small letters', '5               !info', 'byte 1 of the command is 0x69'],
    [
      'data that is not UTF-8',
      Buffer.from('36202020202020202020202020202020 21494e464fff'.replaceAll(' ', ''), 'hex'),
      'not UTF-8',
    ],
  ])('%s', async (_, bytes, words) => {
    const client = dial().bytes(bytes);
    const answer = await client.answer();
    expect(answer).toMatch(/^!FAILbad-frame /);
    expect(answer).toContain(words);
    expect(await client.next()).toBe('closed');
  });
});

describe('what is no reading gets bad-reading, and the connection goes on', () => {
  test.each([
    ['text', 'hello', 'not a JSON object'],
    ['a JSON bomb', '['.repeat(200), 'not a JSON object'],
    ['a list', '[1,2]', 'not a JSON object'],
    ['a value that is text', '{"seq":1,"time":1,"sensor":"x","used":"much"}', 'used is not a number'],
    ['a number past all numbers', '{"seq":1,"time":1,"sensor":"x","used":1e999}', 'used is not a number'],
    ['no seq', '{"time":1,"sensor":"x"}', 'seq'],
    ['a seq of zero', '{"seq":0,"time":1,"sensor":"x"}', 'seq'],
    ['a sensor in capitals', '{"seq":1,"time":1,"sensor":"X"}', 'sensor'],
    ['a prototype', '{"seq":1,"time":1,"sensor":"x","__proto__":1}', '__proto__'],
    ['a value under a name of the log', '{"seq":1,"time":1,"sensor":"x","level":1}', 'level'],
  ])('%s', async (_, data, words) => {
    const client = dial();
    await client.register({ name: 'bad-readings' });
    client.send('!INFO', data).send('!INFO', readingText(1));
    const answer = await client.answer();
    expect(answer).toMatch(/^!FAILbad-reading /);
    expect(answer).toContain(words);
    expect(await client.answer()).toBe('!INFO: RECEIVED');
    client.close();
  });
});

describe('a registration', () => {
  test.each([
    ['no object', '5'],
    ['a name with control characters', '{"name":"a\\u0007b","ip":"127.0.0.1","UDP_port":0,"time":"x"}'],
    ['an empty name', '{"name":"","ip":"127.0.0.1","UDP_port":0,"time":"x"}'],
    ['a name of 49 bytes', JSON.stringify({ name: 'x'.repeat(49), ip: '127.0.0.1', UDP_port: 0, time: 'x' })],
    ['a port past the last', '{"name":"a","ip":"127.0.0.1","UDP_port":65536,"time":"x"}'],
    ['a port that is text', '{"name":"a","ip":"127.0.0.1","UDP_port":"1","time":"x"}'],
    ['an address that is none', '{"name":"a","ip":"here","UDP_port":1,"time":"x"}'],
    ['no time', '{"name":"a","ip":"127.0.0.1","UDP_port":1}'],
  ])('with %s gets bad-registration, and a right one is taken after it', async (_, data) => {
    const client = dial().send('!RGTR', data);
    expect(await client.answer()).toMatch(/^!FAILbad-registration /);
    expect(await client.register()).toMatchObject({ v: 2, seq: 0 });
    client.close();
  });

  test('that is bad a third time ends the connection', async () => {
    const client = dial().send('!RGTR').send('!RGTR').send('!RGTR').send('!DISC');
    for (let count = 0; count < 3; count += 1) expect(await client.answer()).toMatch(/^!FAILbad-registration /);
    expect(await client.next()).toBe('closed');
  });

  test('comes before everything else', async () => {
    const client = dial().send('!INFO', readingText(1)).send('!HELO').send('!DISC');
    expect(await client.answer()).toMatch(/^!FAILnot-registered /);
    expect(await client.answer()).toMatch(/^!FAILnot-registered /);
    expect(await client.next()).toMatchObject({ command: '!DISC', data: ': RECEIVED', bare: true });
    expect(await client.next()).toBe('closed');
  });
});

test('bytes after !DISC are not looked at', async () => {
  const client = dial();
  await client.register({ name: 'leaver' });
  client.send('!INFO', readingText(1)).send('!DISC').bytes('no frame at all').send('!INFO', readingText(2));
  expect(await client.answer()).toBe('!INFO: RECEIVED');
  expect(await client.answer()).toBe('!DISC: RECEIVED');
  expect(await client.next()).toBe('closed');
});

test('an unknown command gets its answer, and the connection goes on', async () => {
  const client = dial();
  await client.register({ name: 'inventor' });
  client.send('!HELO').send('!INFO', readingText(1));
  expect(await client.answer()).toMatch(/^!FAILunknown-command !HELO/);
  expect(await client.answer()).toBe('!INFO: RECEIVED');
  client.close();
});

test('a frame may come a byte at a time', async () => {
  const client = dial();
  await client.register({ name: 'slow' });
  const data = readingText(1);
  const frame = Buffer.from(`${String(5 + data.length).padEnd(16)}!INFO${data}`);
  for (const byte of frame) client.bytes(Uint8Array.of(byte));
  expect(await client.answer()).toBe('!INFO: RECEIVED');
  client.close();
});

test('1,000 connections that say nothing hinder nobody', async () => {
  const silent = Array.from({ length: 1_000 }, () => dial());
  await Promise.all(silent.map((client) => new Promise((resolve) => client.socket.once('connect', resolve))));
  const client = dial();
  await client.register({ name: 'honest' });
  for (let seq = 1; seq <= 100; seq += 1) {
    client.send('!INFO', readingText(seq));
    expect(await client.answer()).toBe('!INFO: RECEIVED');
  }
  for (const one of silent) one.close();
  client.close();
});

test('a client that never reads its answers is read no further, and hinders nobody', async () => {
  const deaf = dial();
  await deaf.register({ name: 'deaf' });
  deaf.socket.pause();
  const frames = Buffer.from(Array.from({ length: 2_000 }, () => `${String(5 + 3).padEnd(16)}!HELOabc`).join(''));
  let taken = 0;
  while (taken < 200 && deaf.socket.write(frames)) taken += 1;
  const client = dial();
  await client.register({ name: 'hearing' });
  client.send('!INFO', readingText(1));
  expect(await client.answer()).toBe('!INFO: RECEIVED');
  client.close();
  deaf.close();
});

test('what peers do wrong is one line of the log and then a count', async () => {
  await server.log.waitFor('bad-frame');
  expect(server.log.count('bad-frame')).toBe(1);
});
