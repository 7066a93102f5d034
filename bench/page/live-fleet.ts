import { ratios, type Figure } from '../figure.ts';
import type { MeasureOptions } from '../measure.ts';
import type { OpenedBrowser } from './opened-browser.ts';
import { runWatched, units, type WatchPlan, type WatchRun } from './watched-servers.ts';

const plans = {
  quick: { warmSeconds: 0, rounds: 1, settleSeconds: 1, turnSeconds: 3, readers: 10 },
  full: { warmSeconds: 40, rounds: 3, settleSeconds: 4, turnSeconds: 10, readers: 50 },
} as const satisfies Record<string, WatchPlan>;

/** What it costs to look on: a page, its server, and the answers of a server with many readers. */
export async function measureLiveFleet(browser: OpenedBrowser, options: MeasureOptions): Promise<readonly Figure[]> {
  const { quick, say, note } = options;
  const plan = plans[quick ? 'quick' : 'full'];
  const starts = quick ? 1 : 2;
  if (quick) note(`Quick: ${plan.readers} readers of the fleet’s stream instead of ${plans.full.readers}.`);
  const runs: WatchRun[] = [];
  for (let start = 0; start < starts; start += 1) {
    say(`page: ${units} units, a round each second, start ${start + 1} of ${starts}`);
    runs.push(...(await runWatched(start, plan, { browser, options })));
  }
  return figuresOf(runs, plan);
}

function figuresOf(runs: readonly WatchRun[], { readers }: WatchPlan): readonly Figure[] {
  const of = (value: (run: WatchRun) => number): readonly number[] => runs.map(value);
  const [alone, watched] = [of((run) => run.alone.busy), of((run) => run.watched.busy)];
  const [aloneP99, manyP99] = [of((run) => run.alone.p99Ms), of((run) => run.many.p99Ms)];
  const page = 'page, 1,000 units a second';
  const server = 'server, 1,000 units a second';
  const p99 = 'p99 of the acknowledgement';
  const core = '% of a core';
  return [
    { name: `${page}: its main thread`, unit: core, runs: of((run) => run.page.mainThread), limit: 10 },
    { name: `${page}: its process`, unit: core, runs: of((run) => run.page.renderer) },
    { name: `${page}: all of Chromium`, unit: core, runs: of((run) => run.page.browser) },
    { name: `${server}: CPU with a page over without`, unit: '×', runs: ratios(watched, alone), limit: 1.05 },
    { name: `${server}: CPU without a page`, unit: core, runs: alone },
    { name: `${server}: CPU with a page`, unit: core, runs: watched },
    { name: `${server}: CPU with ${readers} readers`, unit: core, runs: of((run) => run.many.busy) },
    {
      name: `${server}: ${p99} with ${readers} readers over without`,
      unit: '×',
      runs: ratios(manyP99, aloneP99),
      limit: 1.1,
    },
    { name: `${server}: ${p99} without readers`, unit: 'ms', runs: aloneP99 },
    { name: `${server}: ${p99} with ${readers} readers`, unit: 'ms', runs: manyP99 },
  ];
}
