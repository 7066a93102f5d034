import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startDaemon } from '../program.ts';
import type { LogEvent, Program } from '../program.ts';

/** A server of this checkout on free ports of 127.0.0.1, with a folder of its own. */
export interface RunningServer extends Program {
  /** Where it listens for clients. */
  readonly port: number;
  /** What its API says of a unit. */
  unit(clientId: string): Promise<LogEvent>;
  /** Asks for another interval; the HTTP status. */
  putInterval(clientId: string, seconds: number): Promise<number>;
}

/**
 * Starts one. `intervalSeconds` is what a unit gets that registers for the first time; `port` is for one that starts again
 * where another was.
 */
export async function startServer({ intervalSeconds = 1, port = 0 } = {}): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'telemetry-server-'));
  const program = startDaemon('telemetry-server', [
    `--listen=tcp://127.0.0.1:${port}`,
    '--http=127.0.0.1:0',
    `--data-dir=${folder}`,
    `--interval=${intervalSeconds}`,
  ]);
  const end = async (): Promise<void> => {
    await program[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const tcp = await program.event({ event: 'listening', listener: 'tcp' });
    const http = await program.event({ event: 'listening', listener: 'http' });
    const units = `http://127.0.0.1:${String(http['port'])}/api/v1/units`;
    return {
      ...program,
      port: Number(tcp['port']),
      async unit(clientId) {
        const answer: unknown = await (await fetch(`${units}/${clientId}`)).json();
        return { ...Object(answer) };
      },
      async putInterval(clientId, seconds) {
        const body = JSON.stringify({ seconds });
        const headers = { 'content-type': 'application/json' };
        return (await fetch(`${units}/${clientId}/interval`, { method: 'PUT', headers, body })).status;
      },
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}
