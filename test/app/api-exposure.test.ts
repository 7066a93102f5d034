import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { TLSSocket } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openAccess } from '../../src/access/open-access.ts';
import { startDaemon, type Program } from '../program.ts';

function startServer(folder: string): Program {
  return startDaemon('telemetry-server', ['--listen=tcp://127.0.0.1:0', '--http=0.0.0.0:0', `--data-dir=${folder}`]);
}

/** The status of the API's answer, and the certificate that it came under. */
function ask(port: number): Promise<{ readonly status: number | undefined; readonly fingerprint: string }> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/api/v1/units', rejectUnauthorized: false, agent: false };
    const asking = request(options, (response) => {
      const { socket } = response;
      const shown = socket instanceof TLSSocket ? socket.getPeerCertificate().fingerprint256 : '';
      response.resume();
      resolve({ status: response.statusCode, fingerprint: shown });
    });
    asking.once('error', reject);
    asking.end();
  });
}

test('on an address that other machines reach the API wants somebody to have an account, then speaks TLS and asks who is there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-exposure-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  await using refused = startServer(folder);
  expect(await refused.ended).toEqual({ code: 2, signal: null });
  expect(refused.errors()).toContain('telemetryctl user add');

  const access = openAccess(folder);
  const account = { name: 'anna', password: 'correct horse battery', scope: 'admin' } as const;
  await access.addAccount(account, { who: 'local:test', from: 'console' });
  access.close();
  await using server = startServer(folder);
  const { port } = await server.event({ event: 'listening', listener: 'http' });
  const { fingerprint } = await server.event({ event: 'certificate' });
  const answer = await ask(Number(port));
  expect(answer.status).toBe(401);
  expect(answer.fingerprint.replaceAll(':', '').toLowerCase()).toBe(fingerprint);
  expect(await server.event({ event: 'trust-on-first-use' })).toMatchObject({ level: 'info' });
});
