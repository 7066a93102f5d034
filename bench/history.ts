import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { compactStore } from './compact-store.ts';
import type { Figure } from './figure.ts';
import { fillStore, type FilledUnit } from './filled-store.ts';
import type { MeasureOptions } from './measure.ts';
import { dataDirOf, startOurServer } from './servers.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** A day of many units: bytes on disk a reading, and how long it takes to read a day of one of them at steps of a minute. */
export async function measureHistory(options: MeasureOptions): Promise<readonly Figure[]> {
  const { programs, folder, quick, say, note } = options;
  const units = quick ? 100 : 1_000;
  if (quick) note('History: 100 units instead of 1,000.');
  const dataDir = dataDirOf(folder, 'history');
  // A day that is over, so that nothing of it is in the making.
  const toMs = Math.floor(Date.now() / dayMs) * dayMs;
  const fromMs = toMs - dayMs;
  say(`history: a day of ${units} units`);
  const filled = await fillStore({ folder: join(dataDir, 'store'), units, fromMs, toMs });
  say('history: compaction');
  const { readings, bytesPerReading, cost } = await compactStore(programs, dataDir);
  if (readings !== (units * dayMs) / 10_000) throw new Error(`the store has ${readings} readings`);
  const first: number[] = [];
  const warm: number[] = [];
  for (let start = 0; start < 3; start += 1) {
    say(`history: queries, start ${start + 1} of 3`);
    const times = await queryTimes(filled, { fromMs, toMs, count: quick ? 30 : 150 }, { ...options, dataDir });
    first.push(...times.slice(0, 1));
    warm.push(...times.slice(warmQueries));
  }
  const words = `a day of one series at 1 min, among the days of ${units} units`;
  return [
    { name: `${units} units’ day: bytes on disk a reading`, unit: 'bytes', runs: [bytesPerReading], limit: 8, aim: 4 },
    { name: `${units} units’ day: CPU of compaction, a million`, unit: 's', runs: [(cost.cpuMs * 1_000) / readings] },
    { name: `${words}: the whole answer`, unit: 'ms', runs: warm, limit: 20, aim: 5 },
    { name: `${words}: the first answer of a server`, unit: 'ms', runs: first },
  ];
}

/** Before these the server is still being compiled. */
const warmQueries = 20;

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

/** Milliseconds of one query after the other, each of another unit, to a server that has just started. */
async function queryTimes(
  units: readonly FilledUnit[],
  { fromMs, toMs, count }: Span,
  { programs, dataDir }: MeasureOptions & { readonly dataDir: string },
): Promise<readonly number[]> {
  await using server = await startOurServer(programs, { dataDir });
  using stack = new DisposableStack();
  const agent = stack.adopt(new Agent({ keepAlive: true }), (agent) => agent.destroy());
  const times: number[] = [];
  for (let query = 0; query < warmQueries + count; query += 1) {
    // 7919 is a prime: all units have their turn, and neighbours do not follow each other.
    const unit = units[(query * 7_919) % units.length];
    if (unit === undefined) break;
    const path = `/api/v1/units/${unit.clientId}/readings?sensor=${unit.sensor}&from=${fromMs}&to=${toMs}&step=1m`;
    const startedMs = performance.now();
    const text = await textOf({ port: server.httpPort, path, agent });
    times.push(performance.now() - startedMs);
    const steps = text.split('\n').filter((line) => line.includes('{')).length;
    if (steps !== dayMs / minuteMs) throw new Error(`${path}: ${steps} steps: ${text.slice(0, 300)}`);
  }
  return times;
}

/** The whole body of a good answer. */
function textOf(request: { port: number; path: string; agent: Agent }): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', ...request }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${request.path}: ${response.statusCode} ${text}`));
      });
    }).on('error', reject);
  });
}
