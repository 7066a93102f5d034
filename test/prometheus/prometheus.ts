import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram } from '../program.ts';
import { needTool } from './tools.ts';

/** One element of the answer to a query. */
export interface QueryResult {
  /** Undefined for what was computed. */
  readonly name: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Prometheus extends AsyncDisposable {
  /** The answer to a PromQL query as of now. */
  query(query: string): Promise<readonly QueryResult[]>;
  /** Of its targets, by job: whether the last scrape went well, or what was wrong. */
  targets(): Promise<Readonly<Record<string, string>>>;
}

/** A real Prometheus with these files beside its configuration, on a free port, in a folder of its own. */
export async function startPrometheus(files: Readonly<Record<string, string>>): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-prometheus-'));
  mkdirSync(join(folder, 'data'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const command = [
    needTool('prometheus'),
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--web.listen-address=127.0.0.1:0',
    '--log.format=json',
  ];
  // It logs to standard error, and `startProgram` reads events from standard output.
  const program = startProgram({ command: 'sh', args: ['-c', 'exec "$@" 2>&1', 'sh', ...command] });
  const dispose = async (): Promise<void> => {
    await program.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { address } = await program.event({ msg: 'Listening on' });
    await program.event({ msg: 'Server is ready to receive web requests.' });
    const ask = async (path: string): Promise<Answer> => {
      const response = await fetch(`http://${String(address)}/api/v1/${path}`);
      const { status, data, error } = Object(await response.json());
      if (status !== 'success') throw new Error(`${path}: ${String(error)}`);
      return data;
    };
    return {
      async query(query) {
        const { result = [] } = await ask(`query?query=${encodeURIComponent(query)}`);
        return result.map(({ metric, value: [, value] }) => {
          const { __name__, ...labels } = metric;
          return { name: __name__, labels, value: Number(value) };
        });
      },
      async targets() {
        const { activeTargets = [] } = await ask('targets');
        return Object.fromEntries(
          activeTargets.map(({ labels, health, lastError }) => [labels.job, lastError || health]),
        );
      },
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** What the two questions are answered with, as far as it is looked at here. */
interface Answer {
  readonly result?: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly value: readonly [time: number, value: string];
  }[];
  readonly activeTargets?: readonly {
    readonly labels: { readonly job: string };
    readonly health: string;
    readonly lastError: string;
  }[];
}
