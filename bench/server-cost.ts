import { runContest, type Contestant, type Cost } from './contest.ts';
import { median, ratios, type Figure } from './figure.ts';
import type { MeasureOptions } from './measure.ts';

/**
 * What is measured. The store on disk moves windows of a million readings, and is given just short of two: the first while it is
 * loaded, and what is left makes as long columns.
 */
const contestants = [
  { name: 'server', store: 'sqlite', scheme: 'tcp', frames: { quick: 60_000, full: 100_000 } },
  { name: 'server, store in memory', store: 'memory', scheme: 'tcp', frames: { quick: 20_000, full: 20_000 } },
  { name: 'bare server', store: undefined, scheme: 'tcp', frames: { quick: 20_000, full: 20_000 } },
] as const satisfies readonly Contestant[];

type Contender = (typeof contestants)[number];

/** Closed loop: CPU for a million answered frames over that of a bare server, and memory. */
export async function measureServer(options: MeasureOptions): Promise<readonly Figure[]> {
  const plan = options.quick
    ? { starts: 1, turns: 4, warmFrames: 30_000 }
    : { starts: 2, turns: 20, warmFrames: 50_000 };
  return figuresOf(await runContest(contestants, plan, options));
}

function figuresOf(costs: ReadonlyMap<Contender, readonly Cost[]>): readonly Figure[] {
  const of = (one: Contender, value: (cost: Cost) => number): readonly number[] => (costs.get(one) ?? []).map(value);
  const [disk, memory, bare] = contestants;
  const cpu = (one: Contender): readonly number[] => of(one, (cost) => cost.cpuSeconds);
  const each = contestants.flatMap((one): readonly Figure[] => [
    { name: `${one.name}, closed loop: CPU a million frames`, unit: 's', runs: cpu(one) },
    { name: `${one.name}, closed loop: frames a second`, unit: '1/s', runs: of(one, (cost) => cost.framesPerSecond) },
    { name: `${one.name}, closed loop: busy`, unit: '×', runs: of(one, (cost) => cost.busy) },
  ]);
  return [
    {
      name: 'server, closed loop: CPU over bare',
      unit: '×',
      runs: ratios(cpu(disk), cpu(bare)),
      limit: 1.6,
      aim: 1.2,
    },
    {
      name: 'server, store in memory, closed loop: CPU over bare',
      unit: '×',
      runs: ratios(cpu(memory), cpu(bare)),
      limit: 1.5,
    },
    {
      name: 'server, 1,000 clients at full load: RSS',
      unit: 'MiB',
      runs: of(disk, ({ resident }) => median(resident)),
      limit: 130,
      aim: 100,
    },
    {
      name: 'server, 1,000 clients at full load: highest RSS',
      unit: 'MiB',
      runs: of(disk, ({ resident }) => Math.max(...resident)),
    },
    ...each,
  ];
}
