import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { bytesOf, Listening, watch } from './listening.ts';

test('both sides know their addresses and talk', async () => {
  await using listening = await Listening.start();
  const { here, there } = await listening.pair();
  expect([here.peerAddress, there.localAddress, there.peerAddress]).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1']);
  expect([there.localPort, there.peerPort]).toEqual([listening.listener.port, here.localPort]);
  const [heardHere, heardThere] = [watch(here), watch(there)];
  here.write(bytesOf('hello'));
  expect(await heardThere.next()).toBe('hello');
  there.write(bytesOf('hello back'));
  expect(await heardHere.next()).toBe('hello back');
});

test('both ends of a session have the same 32 bytes for a signature, and no two sessions have them', async () => {
  await using listening = await Listening.start();
  const [first, second] = [await listening.pair(), await listening.pair()];
  expect(first.here.binding).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(first.there.binding).toBe(first.here.binding);
  expect(second.there.binding).toBe(second.here.binding);
  expect(second.here.binding).not.toBe(first.here.binding);
});

test('the bytes are those that protocol 6 names, without a context', async () => {
  await using listening = await Listening.start();
  const socket = connect({ host: '127.0.0.1', port: listening.listener.port, rejectUnauthorized: false });
  listening.sockets.push(socket);
  const there = await listening.accepted.next();
  listening.links.push(there);
  const exported = socket.exportKeyingMaterial(32, 'EXPORTER-telemetry-v2', Buffer.alloc(0));
  expect(there.binding).toBe(exported.toString('base64url'));
});

test('a link whose peer has gone still tells its binding', async () => {
  await using listening = await Listening.start();
  const { here, there } = await listening.pair();
  const { binding } = here;
  const heard = watch(there);
  watch(here);
  here.destroy();
  await heard.next();
  there.destroy();
  expect(there.binding).toBe(binding);
});

test('what is written before a half-close arrives, and the other way still carries', async () => {
  await using listening = await Listening.start();
  const { here, there } = await listening.pair();
  const [heardHere, heardThere] = [watch(here), watch(there)];
  there.write(bytesOf('!FAIL'));
  there.end();
  expect(await heardHere.next()).toBe('!FAIL');
  expect(await heardHere.next()).toBe('ended');
  here.write(bytesOf('last words'));
  expect(await heardThere.next()).toBe('last words');
  here.end();
  expect(await heardThere.next()).toBe('ended');
  expect(await heardThere.next()).toBe('closed the peer closed the connection');
});

test('a peer that has half-closed still gets an answer later', async () => {
  await using listening = await Listening.start();
  const { here, there } = await listening.pair();
  const [heardHere, heardThere] = [watch(here), watch(there)];
  here.write(bytesOf('!DISC'));
  here.end();
  expect(await heardThere.next()).toBe('!DISC');
  expect(await heardThere.next()).toBe('ended');
  // Another connection takes turns of the loop meanwhile.
  await listening.pair();
  there.write(bytesOf('!DISC: RECEIVED'));
  there.end();
  expect(await heardHere.next()).toBe('!DISC: RECEIVED');
  expect(await heardHere.next()).toBe('ended');
  expect(await heardHere.next()).toBe('closed the peer closed the connection');
});

test('a peer that goes on sending after the half-close still reads the last answer', async () => {
  await using listening = await Listening.start();
  const { here, there } = await listening.pair();
  const heardHere = watch(here);
  watch(there);
  // More than most sockets hold: it is still on its way when the answer is. Where they hold it, it has drained at some moment.
  for (let count = 0; count < 64; count += 1) here.write(new Uint8Array(65_536));
  there.write(bytesOf('!FAIL'));
  there.end();
  const words: string[] = [];
  while (words.at(-1) !== 'ended') words.push(await heardHere.next());
  expect(words.filter((word) => word !== 'drained')).toEqual(['!FAIL', 'ended']);
});

test('a connection that was cut without a word of TLS has ended, and is not lost for the other way', async () => {
  await using listening = await Listening.start();
  const { here, there } = await listening.pair();
  watch(here);
  const heardThere = watch(there);
  here.destroy();
  expect(await heardThere.next()).toMatch(/^(ended|closed .*ECONNRESET)$/);
});

test('a write that is queued says so, and then that it has drained', async () => {
  await using listening = await Listening.start();
  const { here, there } = await listening.pair();
  const heard = watch(here);
  watch(there);
  there.pause();
  const bytes = new Uint8Array(65_536);
  let writes = 1;
  while (here.write(bytes)) writes += 1;
  there.resume();
  expect(await heard.next()).toBe('drained');
  expect(writes).toBeGreaterThan(0);
});

test('a paused link hands on nothing more than what one read has brought', async () => {
  await using listening = await Listening.start();
  const { here, there } = await listening.pair();
  watch(here);
  const heard = watch(there);
  there.pause();
  here.write(bytesOf('one'));
  // A second connection that talks both ways shows that the loop has come round.
  const other = await listening.pair();
  const heardOther = watch(other.there);
  watch(other.here);
  other.here.write(bytesOf('other'));
  expect(await heardOther.next()).toBe('other');
  expect(heard.length).toBe(0);
  there.resume();
  expect(await heard.next()).toBe('one');
});
