import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';
import { freshCredentials } from './certificates.ts';
import { bytesOf, Listening, watch } from './listening.ts';

const patient = { countMax: 2, msMax: 10_000, msMin: 10_000 };

test.each([
  ['113             !RGTR{}', 'what came is no TLS; plain clients have a listener of their own, tcp://'],
  ['GET / HTTP/1.1\r\n\r\n', 'what came is HTTP, which has a listener of its own (--http)'],
])('bytes that are no TLS are one failure: %j', async (text, reason) => {
  await using listening = await Listening.start();
  const socket = await listening.silentPeer();
  const { localPort } = socket;
  const closed = once(socket, 'close');
  socket.resume();
  socket.write(text);
  expect(await listening.failures.next()).toEqual({ peer: `127.0.0.1:${localPort}`, reason });
  await closed;
  expect([listening.failures.length, listening.accepted.length]).toEqual([0, 0]);
});

test('TLS 1.2 is refused', async () => {
  await using listening = await Listening.start();
  const socket = connectTls({ host: '127.0.0.1', port: listening.listener.port, maxVersion: 'TLSv1.2', ca: [] });
  const refused = await new Promise<Error>((resolve) => socket.once('error', resolve));
  expect(refused.message).toContain('protocol version');
  expect((await listening.failures.next()).reason).toBe('the client does not speak TLS 1.3');
});

test('a peer that leaves in the midst of its handshake is one failure', async () => {
  await using listening = await Listening.start();
  const socket = await listening.silentPeer();
  socket.destroy();
  expect((await listening.failures.next()).reason).toBe('the peer left during the TLS handshake');
  expect(listening.failures.length).toBe(0);
});

test('a peer that says nothing is closed when its time is over', async () => {
  await using listening = await Listening.start({ limits: { countMax: 10, msMax: 50, msMin: 10 } });
  const socket = await listening.silentPeer();
  const closed = once(socket, 'close');
  socket.resume();
  expect((await listening.failures.next()).reason).toBe('the TLS handshake took too long');
  await closed;
});

test('a peer that sends its first message a byte at a time gets no more time by it', async () => {
  await using listening = await Listening.start({ limits: { countMax: 10, msMax: 100, msMin: 10 } });
  const socket = await listening.silentPeer();
  socket.resume();
  // A record of 512 bytes is announced, and comes byte by byte.
  socket.write(Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]));
  const drip = setInterval(() => socket.write('x'), 5);
  const { reason } = await listening.failures.next();
  clearInterval(drip);
  expect(reason).toBe('the TLS handshake took too long');
});

test('a newcomer is closed while as many handshakes as there may be are under way, and what is connected lives on', async () => {
  await using listening = await Listening.start({ limits: patient });
  const { here, there } = await listening.pair();
  await listening.silentPeer();
  await listening.silentPeer();
  expect(await listening.dial()).toContain('closed the connection during the TLS handshake');
  expect((await listening.failures.next()).reason).toBe('2 TLS handshakes are under way already');
  watch(here);
  const heard = watch(there);
  here.write(bytesOf('still here'));
  expect(await heard.next()).toBe('still here');
});

test('as many handshakes as there may be are served', async () => {
  await using listening = await Listening.start({ limits: patient });
  await listening.silentPeer();
  const { here } = await listening.pair();
  expect(here.binding).not.toBe('-');
  expect(listening.failures.length).toBe(0);
});

test('a handshake that is over takes no place, and its connection ends without a word', async () => {
  await using listening = await Listening.start({ limits: patient });
  for (let count = 0; count < 3; count += 1) {
    const { here, there } = await listening.pair();
    const heard = watch(there);
    watch(here);
    here.end();
    expect(await heard.next()).toBe('ended');
    there.end();
    expect(await heard.next()).toMatch(/^closed/);
  }
  expect(listening.failures.length).toBe(0);
});

test('where all places are taken, the oldest that has had its time makes room', async () => {
  await using listening = await Listening.start({ limits: { ...patient, msMin: 0 } });
  const oldest = await listening.silentPeer();
  const closed = once(oldest, 'close');
  oldest.resume();
  await listening.silentPeer();
  await listening.pair();
  const { peer, reason } = await listening.failures.next();
  await closed;
  expect(peer).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(reason).toBe('the TLS handshake took long, and others waited for its place');
  expect(listening.failures.length).toBe(0);
});

test('another certificate is shown from now on, and what is connected lives on', async () => {
  await using listening = await Listening.start();
  const { here, there } = await listening.pair();
  const next = await freshCredentials();
  listening.listener.replace(next);
  expect(await listening.dial()).toContain(
    `has the fingerprint ${next.fingerprint}, and ${listening.fingerprint} is pinned`,
  );
  expect(await listening.dial({ fingerprint: next.fingerprint })).toBeTypeOf('object');
  watch(here);
  const heard = watch(there);
  here.write(bytesOf('still here'));
  expect(await heard.next()).toBe('still here');
});

test('a certificate that cannot be used leaves the former one', async () => {
  await using listening = await Listening.start();
  const [one, two] = [await freshCredentials(), await freshCredentials()];
  expect(() => {
    listening.listener.replace({ certificate: one.certificate, key: two.key });
  }).toThrow('key values mismatch');
  expect(await listening.dial()).toBeTypeOf('object');
});

test('a listener that is closed ends the handshakes that are under way', async () => {
  const listening = await Listening.start();
  const socket = await listening.silentPeer();
  const other = await listening.pair();
  const closed = once(socket, 'close');
  socket.resume();
  other.here.destroy();
  other.there.destroy();
  await listening.listener.close();
  await closed;
  expect((await listening.failures.next()).reason).toBe('the server leaves');
});

test('a session is not resumed', async () => {
  await using listening = await Listening.start();
  const dialled = async (session?: Buffer): Promise<{ reused: boolean; session: Buffer }> => {
    const socket = connectTls({
      host: '127.0.0.1',
      port: listening.listener.port,
      rejectUnauthorized: false,
      ...(session !== undefined && { session }),
    });
    const [ticket] = (await once(socket, 'session')) as [Buffer];
    const reused = socket.isSessionReused();
    socket.destroy();
    return { reused, session: ticket };
  };
  const first = await dialled();
  expect((await dialled(first.session)).reused).toBe(false);
});
