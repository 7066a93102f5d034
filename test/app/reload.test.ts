import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTls } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeCertificate } from '../../src/app/certificate/make-certificate.ts';
import { startDaemon, type Program } from '../program.ts';
import { RawClient } from './in-process.ts';

interface Reloadable {
  readonly server: Program;
  readonly tcpPort: number;
  readonly tlsPort: number;
  /** Writes the file anew, sends the signal and waits for the server's word on it. */
  readonly reload: (yaml: string, said: string) => Promise<Readonly<Record<string, unknown>>>;
  /** Makes a certificate and answers the settings that name it. */
  readonly certificate: (name: string) => Promise<string>;
}

/** A server with this file of settings; `signalAt`: the first event at which it is told to read it again, however far it has come. */
async function started(yaml: string, signalAt?: string): Promise<Reloadable> {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-reload-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const file = join(folder, 'server.yaml');
  writeFileSync(file, yaml);
  const server = startDaemon('telemetry-server', [
    `--config=${file}`,
    `--data-dir=${join(folder, 'data')}`,
    '--http=off',
    '--listen=tcp://127.0.0.1:0',
    '--listen=tls://127.0.0.1:0',
  ]);
  onTestFinished(async () => {
    await server.stop();
  });
  if (signalAt !== undefined) {
    await server.event({ event: signalAt });
    process.kill(server.pid, 'SIGHUP');
  }
  const tls = await server.event({ event: 'listening', listener: 'tls' });
  const tcp = await server.event({ event: 'listening', listener: 'tcp' });
  return {
    server,
    tcpPort: Number(tcp['port']),
    tlsPort: Number(tls['port']),
    reload(changed, said) {
      const from = server.events.length;
      writeFileSync(file, changed);
      process.kill(server.pid, 'SIGHUP');
      return server.event({ event: said }, { from });
    },
    async certificate(name) {
      const made = await makeCertificate(name, Date.now());
      writeFileSync(join(folder, `${name}.pem`), made.certificate);
      writeFileSync(join(folder, `${name}.key`), made.key);
      return `tls:\n  certificate: ${folder}/${name}.pem\n  key: ${folder}/${name}.key\n`;
    },
  };
}

/** The name in the certificate that the server shows now. */
function shownName(port: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      const { CN } = socket.getPeerCertificate().subject;
      socket.destroy();
      resolve(Array.isArray(CN) ? CN[0] : CN);
    });
    socket.once('error', reject);
  });
}

test('limits and the mode are taken up without a restart, and connections that there are stay', async () => {
  const { reload, tcpPort } = await started('auth: { mode: open }\n');
  const inside = new RawClient(tcpPort);
  await inside.register({ name: 'inside' });
  await reload('auth: { mode: token }\nlimits: { connections: 1 }\n', 'reloaded');
  const outside = new RawClient(tcpPort);
  expect(await outside.answer()).toMatch(/^!FAILtoo-many /);
  await reload('auth: { mode: token }\n', 'reloaded');
  const stranger = new RawClient(tcpPort);
  stranger.send(
    '!RGTR',
    JSON.stringify({ name: 'stranger', ip: '127.0.0.1', UDP_port: 0, time: '', v: 2, epoch: '00000001' }),
  );
  expect(await stranger.answer()).toMatch(/^!AUTH/);
  inside.send('!DISC');
  expect(await inside.answer()).toBe('!DISC: RECEIVED');
  for (const client of [inside, outside, stranger]) client.close();
});

test('a certificate is taken up, and one that does not fit its key is not, nor is anything else then', async () => {
  const { server, reload, certificate, tlsPort, tcpPort } = await started('log: { level: info }\n');
  const first = await certificate('first.example');
  await reload(first, 'reloaded');
  expect(await shownName(tlsPort)).toBe('first.example');
  const second = await certificate('second.example');
  const mixed = second.replace('second.example.key', 'first.example.key');
  const failed = await reload(`${mixed}limits: { connections: 1 }\n`, 'reload-failed');
  expect(failed['reason']).toContain('the former configuration stays');
  expect(await shownName(tlsPort)).toBe('first.example');
  const one = new RawClient(tcpPort);
  const two = new RawClient(tcpPort);
  await one.register({ name: 'one' });
  await two.register({ name: 'two' });
  expect(server.events.some(({ event }) => event === 'connection-refused')).toBe(false);
  for (const client of [one, two]) client.close();
});

test('a file with a fault is told of with its line, and what needs a restart is named', async () => {
  const { server, reload } = await started('log: { level: info }\n');
  const failed = await reload('log: { level: info }\nauth: { mode: opne }\n', 'reload-failed');
  expect(failed['reason']).toMatch(/server\.yaml:2: auth\.mode is .*open, tofu, approve, token/);
  const from = server.events.length;
  await reload('interval: 3\n', 'reloaded');
  const told = await server.event({ event: 'configuration' }, { from });
  expect(told['reason']).toBe('changed, and taken up by a restart only: interval');
});

test('a server that is told while it starts reads its file again once it has', async () => {
  const { server } = await started('interval: 3\n', 'trust-on-first-use');
  await server.event({ event: 'reloaded' });
});
