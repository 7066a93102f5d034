import { expect } from 'vitest';
import { readingText, startTestServer, type LogLine, type RunningServer } from '../app/in-process.ts';
import { call } from '../http/call.ts';
import { granted, overTls, type KeyedMachine } from './keyed-machine.ts';

/** The real server in this process, with a listener of each kind. */
export interface AttackedServer extends RunningServer {
  readonly tlsPort: number;
  readonly fingerprint: string;
}

export async function startAttackedServer(
  flags: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<AttackedServer> {
  const server = await startTestServer(['--listen', 'tls://127.0.0.1:0', ...flags], env);
  const { port } = await server.log.waitFor('listening', ({ listener }) => listener === 'tls');
  const { fingerprint } = await server.log.waitFor('certificate');
  return { ...server, tlsPort: Number(port), fingerprint: String(fingerprint) };
}

/** A machine that the server knows, and that goes about its business while it is attacked. */
export interface Victim {
  readonly machine: KeyedMachine;
  readonly clientId: string;
  /** The same connection, unit and key, and what it reports is acknowledged and stored. */
  readonly expectUnharmed: () => Promise<void>;
  readonly leave: () => void;
}

/** `headers` are those with which the test asks the API. */
export async function settleVictim(
  { tlsPort, log, api }: AttackedServer,
  machine: KeyedMachine,
  { token, headers = {} }: { readonly token?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Victim> {
  const wire = await overTls({ port: tlsPort });
  const { name, key } = machine;
  const clientId = String(granted(await machine.enter(wire, token === undefined ? {} : { token }))['client_id']);
  let last = 0;

  async function expectUnharmed(): Promise<void> {
    last += 1;
    expect(await wire.client.send('!INFO', readingText(last)).answer()).toBe('!INFO: RECEIVED');
    await log.waitFor('reading', ({ client_id: id, seq }) => id === clientId && seq === last);
    const { body: machines } = await call(`${api}/machines`, { headers });
    const known = Object.values(Object(machines)).filter((one) => Object(one)['name'] === name);
    expect(known).toMatchObject([{ client_id: clientId, key, state: 'approved' }]);
    const { body: unit } = await call(`${api}/units/${clientId}`, { headers });
    expect(unit).toMatchObject({ name, state: 'online' });
  }

  await expectUnharmed();
  const leave = (): void => {
    wire.client.close();
  };
  return { machine, clientId, expectUnharmed, leave };
}

/** The line of the log that says who from `from` was not let in, and why. */
export async function refusalOf(server: RunningServer, from: string): Promise<LogLine> {
  return server.log.waitFor('registration-refused', ({ peer }) => String(peer).startsWith(`${from}:`));
}
