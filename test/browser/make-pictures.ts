/** `node test/browser/make-pictures.ts`: makes docs/images/fleet.png for the README, of the page as it is built, with a fleet of real and simulated clients. */
import { mkdirSync, statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { Reading } from '../../src/core/reading.ts';
import { openBrowser } from './chromium.ts';
import { BrowsedHub } from './hub.ts';
import { lineOf } from './fleet-page.ts';
import { PastUnit } from './past-unit.ts';

const bytesMax = 300 * 1024;
const minuteMs = 60_000;
const stepMs = 30_000;
const spanMs = 62 * minuteMs;
const gib = 2 ** 30;

/** A machine as it was told to be: how hot, how full and how busy on the average, ratios but for `celsius`. */
interface Character {
  readonly name: string;
  readonly site: string;
  readonly celsius: number;
  readonly ram: number;
  readonly disk: number;
  readonly cpu: number;
  /** How restless it is. */
  readonly swing: number;
}

const simulated: readonly Character[] = [
  { name: 'build-1', site: 'berlin', celsius: 74, ram: 0.62, disk: 0.71, cpu: 0.7, swing: 1.6 },
  { name: 'build-2', site: 'berlin', celsius: 84, ram: 0.68, disk: 0.74, cpu: 0.88, swing: 0.8 },
  { name: 'db-1', site: 'berlin', celsius: 58, ram: 0.83, disk: 0.66, cpu: 0.34, swing: 0.6 },
  { name: 'db-2', site: 'berlin', celsius: 56, ram: 0.81, disk: 0.967, cpu: 0.31, swing: 0.6 },
  { name: 'web-1', site: 'berlin', celsius: 49, ram: 0.41, disk: 0.32, cpu: 0.27, swing: 1 },
  { name: 'web-2', site: 'berlin', celsius: 51, ram: 0.43, disk: 0.33, cpu: 0.29, swing: 1 },
  { name: 'edge-1', site: 'oslo', celsius: 44, ram: 0.36, disk: 0.28, cpu: 0.18, swing: 0.9 },
  { name: 'edge-2', site: 'oslo', celsius: 46, ram: 0.38, disk: 0.29, cpu: 0.22, swing: 0.9 },
  { name: 'edge-3', site: 'oslo', celsius: 61, ram: 0.35, disk: 0.29, cpu: 0.2, swing: 0.9 },
  { name: 'nas-1', site: 'oslo', celsius: 41, ram: 0.52, disk: 0.88, cpu: 0.08, swing: 0.3 },
];
const gone = 'edge-3';
const goneMs = 7 * minuteMs;

/** Real clients, which read what the files of such machines said. */
const real = [
  { name: 'desk-ada', site: 'oslo', root: 'intel-desktop' },
  { name: 'greenhouse', site: 'oslo', root: 'raspberry-pi' },
  { name: 'lab-bench', site: 'oslo', root: 'amd-desktop' },
] as const;

/** A wave that is never the same, and always the same for a number: -1 to 1. */
function wave(timeMs: number, number: number): number {
  const minutes = timeMs / minuteMs + number * 17.3;
  return 0.5 * Math.sin(minutes / 9) + 0.3 * Math.sin(minutes / 3.7 + number) + 0.2 * Math.sin(minutes / 1.3);
}

function readingsOf({ celsius, ram, disk, cpu, swing }: Character, number: number) {
  return (timeMs: number): readonly Reading[] => {
    const busy = wave(timeMs, number) * swing;
    const utilisation = Math.min(1, Math.max(0.01, cpu + busy * 0.1));
    const total = 64 * gib;
    const used = Math.round(total * Math.min(0.99, ram + 0.03 * wave(timeMs / 3, number)));
    return [
      { sensor: 'cpu_temp', id: 'package', values: { celsius: Math.round((celsius + busy * 5) * 2) / 2 } },
      { sensor: 'ram', values: { used, available: total - used, total } },
      { sensor: 'disk', id: '/', values: { used: Math.round(disk * 500 * gib), total: 500 * gib } },
      { sensor: 'cpu', values: { utilisation } },
    ];
  };
}

async function simulate(hub: BrowsedHub, character: Character, number: number): Promise<PastUnit> {
  const { name } = character;
  const unit = await PastUnit.register({ port: hub.tcpPort, name, readingsAt: readingsOf(character, number) });
  const nowMs = Math.floor(Date.now() / stepMs) * stepMs;
  await unit.tell({ fromMs: nowMs - spanMs, toMs: name === gone ? nowMs - goneMs : nowMs, stepMs });
  if (name === gone) await unit[Symbol.asyncDispose]();
  return unit;
}

async function fleetIsDrawn(page: Page, names: readonly string[]): Promise<void> {
  for (const name of names) await lineOf(page, name).waitFor();
  await lineOf(page, gone).getByText('lost').waitFor();
  await lineOf(page, 'db-1').getByText('sending, try 1').waitFor();
  // Spark lines come a moment after their lines.
  const paths = page.locator('.fleet-spark path');
  const drawn = (): Promise<number> =>
    paths.evaluateAll((all) => all.filter((path) => (path.getAttribute('d') ?? '').length > 200).length);
  while ((await drawn()) < simulated.length * 4) await setTimeout(100);
}

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));
mkdirSync(folder, { recursive: true });
await using hub = await BrowsedHub.start();
const browser = await openBrowser();
try {
  for (const { name, root } of real) await hub.startClient(name, '--root', `${fixtures}${root}`);
  const units = await Promise.all(simulated.map((character, number) => simulate(hub, character, number)));
  const there = units.filter((_, index) => simulated[index]?.name !== gone);
  for (const { name, site } of [...simulated, ...real]) await hub.ctl(['tag', name, `site=${site}`]);
  const context = await browser.newContext({
    viewport: { width: 1200, height: 700 },
    deviceScaleFactor: 1.5,
    colorScheme: 'light',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  });
  const page = await context.newPage();
  for (const unit of there) await unit.tellNow();
  await hub.ctl(['interval', 'db-1', '5', '--no-wait']);
  await page.goto(`${hub.url}/#/?group=site`);
  await fleetIsDrawn(
    page,
    [...simulated, ...real].map(({ name }) => name),
  );
  for (const unit of there) await unit.tellNow();
  const file = `${folder}fleet.png`;
  await page.screenshot({ path: file });
  for (const unit of units) await unit[Symbol.asyncDispose]();
  const { size } = statSync(file);
  if (size > bytesMax) throw new Error(`${file} has ${size} bytes; more than ${bytesMax} are too many for a README`);
  console.log(`${file}: ${Math.ceil(size / 1024)} KiB`);
} finally {
  await browser.close();
}
