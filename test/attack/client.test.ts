import { createHmac, X509Certificate } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeCertificate } from '../../src/app/certificate/make-certificate.ts';
import { encodeFrames } from '../../src/framing/encoder.ts';
import { framed } from '../../src/framing/frame.ts';
import type { TlsCredentials } from '../../src/transport/tls/credentials.ts';
import { fingerprintOf } from '../../src/transport/tls/fingerprint.ts';
import { call } from '../http/call.ts';
import { startAttackedClient, temporaryFolder, type AttackedClient } from './attacked-client.ts';
import { refusalOf, startAttackedServer, type AttackedServer } from './attacked-server.ts';
import { createAuthority } from './certificate-authority.ts';
import { ManInTheMiddle, middleAddress } from './man-in-the-middle.ts';

const name = 'bench-03';

async function startServer(credentials?: TlsCredentials): Promise<AttackedServer> {
  const server = await startAttackedServer(
    ['--interval', '0.2'],
    credentials === undefined ? {} : filesOf(credentials),
  );
  onTestFinished(() => server.stop());
  return server;
}

function filesOf({ certificate, key }: TlsCredentials): Readonly<Record<string, string>> {
  const folder = temporaryFolder();
  const [certificateFile, keyFile] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  writeFileSync(certificateFile, certificate);
  writeFileSync(keyFile, key, { mode: 0o600 });
  return { TELEMETRY_TLS_CERTIFICATE: certificateFile, TELEMETRY_TLS_KEY: keyFile };
}

async function startMiddle(upstream: number, credentials?: TlsCredentials): Promise<ManInTheMiddle> {
  const middle = await ManInTheMiddle.start(upstream, credentials);
  onTestFinished(() => middle.close());
  return middle;
}

/** All that the clients have taken until now is stored, and more comes in; the last of them still runs. */
async function expectNothingLost(server: AttackedServer, ...clients: readonly AttackedClient[]): Promise<void> {
  // All before may have taken less than the interval that the client waits before its next round.
  await clients.at(-1)?.log.waitFor('round', ({ readings }) => Number(readings) > 0);
  const told = clients.flatMap(({ log }) => log.lines);
  const taken = told.reduce((sum, { event, readings }) => (event === 'round' ? sum + Number(readings) : sum), 0);
  await server.log.waitFor('reading', () => server.log.count('reading') > taken);
  const labels = server.log.lines.flatMap(({ event, epoch, seq }) =>
    event === 'reading' ? [`${String(epoch)} ${String(seq)}`] : [],
  );
  expect(new Set(labels).size).toBe(labels.length);
}

test('forged and replayed !UPDT: neither changes the interval, and what was forged or is stale is in the log', async () => {
  const server = await startServer();
  const middle = await startMiddle(server.port);
  const client = await startAttackedClient(temporaryFolder(), ['--server', `127.0.0.1:${middle.port}`, '--name', name]);
  const { client_id: clientId } = await client.log.waitFor('connected');
  const { port } = await server.log.waitFor('registered');
  const attacker = createSocket('udp4');
  onTestFinished(() => void attacker.close());
  const send = (data: string): void => {
    attacker.send(encodeFrames([framed('!UPDT', data)]), Number(port), '127.0.0.1');
  };
  const ignored = (reason: string): Promise<unknown> =>
    client.log.waitFor('update-ignored', (line) => line['reason'] === reason);
  const set = async (seconds: number): Promise<void> => {
    const wish = { method: 'PUT', body: { seconds } };
    expect((await call(`${server.api}/units/${String(clientId)}/interval`, wish)).status).toBe(202);
    await server.log.waitFor('interval-confirmed', ({ interval }) => interval === seconds);
  };
  // Plain TCP hides nothing: he knows what a genuine datagram looks like.
  const { token } = Object(JSON.parse(/!SUCC(\{[^}]*\})/.exec(middle.heard)?.[1] ?? '{}'));
  const genuine = (rev: number, interval: number): string => {
    const tag = createHmac('sha256', Buffer.from(String(token), 'base64url')).update(
      `${String(clientId)}\n${rev}\n${interval}`,
    );
    return `{"interval":${interval},"rev":${rev},"tag":"${tag.digest().subarray(0, 16).toString('base64url')}"}`;
  };

  send(`{"interval":3600,"rev":2,"tag":"${'A'.repeat(21)}Q"}`);
  expect(await ignored('forged')).toMatchObject({ level: 'warn' });
  await set(0.3);
  await set(0.4);
  // The first of both, once more; the line of what is no update tells that it has been looked at.
  send(genuine(2, 0.3));
  send('nonsense');
  expect(await ignored('malformed')).toMatchObject({ level: 'warn' });
  const changes = (): readonly unknown[] =>
    client.log.lines.flatMap(({ event, interval, rev }) => (event === 'interval-changed' ? [[interval, rev]] : []));
  expect(changes()).toEqual([
    [0.3, 2],
    [0.4, 3],
  ]);

  // Under the token of a registration that is over.
  const connections = client.log.count('connected');
  middle.divert(server.port);
  await client.log.waitFor('connected', () => client.log.count('connected') > connections);
  send(genuine(9, 3_600));
  await ignored('stale');
  expect(changes()).toHaveLength(2);
  expect((await call(`${server.api}/units/${String(clientId)}`)).body).toMatchObject({
    interval: { confirmed: 0.4, rev: 3, state: 'confirmed' },
  });
  await expectNothingLost(server, client);
});

test('an !AUTH relayed from another TLS session: who sits in between, and is even trusted, gets no unit by it', async () => {
  const server = await startServer();
  const credentials = await makeCertificate('localhost', Date.now());
  const middle = await startMiddle(server.tlsPort, credentials);
  const stateDir = temporaryFolder();
  const flagsOf = (port: number, fingerprint: string): readonly string[] => [
    '--name',
    name,
    '--server',
    `tls://127.0.0.1:${port}`,
    '--tls-fingerprint',
    fingerprint,
  ];
  const known = await startAttackedClient(stateDir, flagsOf(server.tlsPort, server.fingerprint));
  const { client_id: clientId } = await known.log.waitFor('connected');
  const { key } = await server.log.waitFor('machine-bound');
  await known.stop();

  const deceived = await startAttackedClient(
    stateDir,
    flagsOf(middle.port, fingerprintOf(new X509Certificate(credentials.certificate))),
  );
  expect(await deceived.log.waitFor('registration-refused')).toMatchObject({
    level: 'warn',
    code: 'not-allowed',
    reason: 'the signature is not of that key, or of another challenge',
  });
  expect(middle.heard).toContain('!AUTH');
  expect(middle.heard).not.toContain('!SUCC');
  expect(await refusalOf(server, middleAddress)).toMatchObject({ unit: name, code: 'not-allowed' });
  await deceived.stop();

  const back = await startAttackedClient(stateDir, flagsOf(server.tlsPort, server.fingerprint));
  expect(await back.log.waitFor('connected')).toMatchObject({ client_id: clientId });
  const { body: machines } = await call(`${server.api}/machines`);
  expect(machines).toMatchObject([{ client_id: clientId, key, name, state: 'approved' }]);
  await expectNothingLost(server, known, deceived, back);
});

test.for(['a certificate that has expired', 'a certificate for another name', 'a pinned fingerprint that changed'])(
  '%s: the client says why it does not talk to it, tells it nothing, and keeps what it has for the right one',
  async (fault) => {
    const authority = await createAuthority();
    const genuine = await startServer(await authority.issue({ dnsName: 'localhost', ipAddress: '127.0.0.1' }));
    const { wrong, reason } = {
      'a certificate that has expired': {
        wrong: { dnsName: 'localhost', ipAddress: '127.0.0.1', notAfterMs: Date.now() - 3_600_000 },
        reason: /has expired by this machine's clock/,
      },
      'a certificate for another name': {
        wrong: { dnsName: 'elsewhere.example' },
        reason: /is for another name than 127\.0\.0\.1 \(DNS:elsewhere\.example\)/,
      },
      'a pinned fingerprint that changed': {
        wrong: { dnsName: 'localhost', ipAddress: '127.0.0.1' },
        reason: new RegExp(`, and ${genuine.fingerprint} is pinned.*; if not, somebody else answers in its place$`),
      },
    }[fault] ?? { wrong: { dnsName: '' }, reason: /^$/ };
    const impostor = await startServer(await authority.issue(wrong));
    const middle = await startMiddle(genuine.tlsPort);
    const stateDir = temporaryFolder();
    writeFileSync(join(stateDir, 'ca.pem'), authority.certificate);
    const where = ['--name', name, '--server', `tls://127.0.0.1:${middle.port}`];
    const client = await startAttackedClient(stateDir, [
      ...where,
      ...(fault.includes('fingerprint')
        ? ['--tls-fingerprint', genuine.fingerprint]
        : ['--tls-ca', join(stateDir, 'ca.pem')]),
    ]);
    const { client_id: clientId } = await client.log.waitFor('connected');
    await genuine.log.waitFor('reading');

    middle.divert(impostor.tlsPort);
    const lost = await client.log.waitFor('connection-lost', (line) => reason.test(String(line['reason'])));
    expect(lost['level']).toBe('warn');
    const failed = await impostor.log.waitFor('tls-failed');
    expect(failed).toMatchObject({ level: 'warn', peer: expect.stringMatching(`^${middleAddress}:`) });
    const rounds = client.log.count('round');
    await client.log.waitFor('round', () => client.log.count('round') > rounds);
    // Not even a connection has come of it: it knows neither name nor key.
    expect(impostor.log.lines.map(({ event }) => event).filter((event) => !beforeAnybody.has(event))).toEqual([
      'tls-failed',
    ]);

    middle.divert(genuine.tlsPort);
    const connections = client.log.count('connected');
    await client.log.waitFor('connected', () => client.log.count('connected') > connections);
    await expectNothingLost(genuine, client);
    const stored = genuine.log.lines.filter(({ event }) => event === 'reading' || event === 'registered');
    expect(new Set(stored.map((line) => line['client_id']))).toEqual(new Set([clientId]));
  },
);

/** What a server tells before anybody has come. */
const beforeAnybody = new Set(['certificate', 'certificate-date', 'trust-on-first-use', 'listening', 'configuration']);
