import { runContest, type Contestant } from './contest.ts';
import { ratios, type Figure } from './figure.ts';
import type { MeasureOptions } from './measure.ts';
import { measureReconnection } from './reconnection.ts';

/** Just short of a window of the store: all of its background work is left for the end, and is the same in both. */
const frames = { quick: 20_000, full: 100_000 };
const tls: Contestant = { name: 'server over TLS', store: 'sqlite', scheme: 'tls', frames };
const tcp: Contestant = { name: 'server over TCP', store: 'sqlite', scheme: 'tcp', frames };

/** What TLS costs: CPU of a frame once it is connected, in turns with plain TCP, and the time of a thousand that come back at once. */
export async function measureTls(options: MeasureOptions): Promise<readonly Figure[]> {
  return [...(await measureFrames(options)), ...(await measureReconnection(options))];
}

async function measureFrames(options: MeasureOptions): Promise<readonly Figure[]> {
  const plan = options.quick
    ? { starts: 1, turns: 4, warmFrames: 30_000 }
    : { starts: 2, turns: 9, warmFrames: 50_000 };
  const costs = await runContest([tls, tcp], plan, options);
  const cpu = (one: Contestant): readonly number[] => (costs.get(one) ?? []).map((cost) => cost.cpuSeconds);
  return [
    { name: 'server, closed loop: CPU over TLS over TCP', unit: '×', runs: ratios(cpu(tls), cpu(tcp)), limit: 1.15 },
    ...[tls, tcp].flatMap((one): readonly Figure[] => [
      { name: `${one.name}, closed loop: CPU a million frames`, unit: 's', runs: cpu(one) },
      {
        name: `${one.name}, closed loop: frames a second`,
        unit: '1/s',
        runs: (costs.get(one) ?? []).map((cost) => cost.framesPerSecond),
      },
    ]),
  ];
}
