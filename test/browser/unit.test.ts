import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Desktop } from './desktop.ts';
import { lineOf } from './fleet-page.ts';
import { PastUnit } from './past-unit.ts';
import { shoot } from './screenshots.ts';
import { expectSeen, expectSoon, setStage } from './stage.ts';

const stage = setStage();
const stepMs = 10_000;
/** A step of a day's history: the hill ends with one. */
const dayStepMs = 120_000;
const hourMs = 3_600_000;
let past: PastUnit;
let endMs = 0;

/** Half an hour of a hill, from 40 °C to 80 °C and back. */
function readingsAt(timeMs: number): readonly { sensor: string; id?: string; values: Record<string, number> }[] {
  const part = Math.min(1, (timeMs - (endMs - hourMs / 2)) / (hourMs / 2));
  const celsius = Math.round((40 + 40 * Math.sin(Math.PI * part)) * 10) / 10;
  return [
    { sensor: 'cpu_temp', id: 'package', values: { celsius } },
    { sensor: 'disk', id: '/', values: { used: 60_000_000_000, total: 100_000_000_000 } },
  ];
}

beforeAll(async () => {
  const { hub } = stage;
  endMs = Math.floor(Date.now() / dayStepMs) * dayStepMs;
  past = await PastUnit.register({ port: hub.tcpPort, name: 'hill', readingsAt });
  await past.tell({ fromMs: endMs - hourMs / 2, toMs: endMs, stepMs });
  await past.tellNow();
  await hub.startClient('desktop', '--root', new Desktop(hub.folder, 'desktop').root);
});
afterAll(async () => past[Symbol.asyncDispose]());

/** A unit's view, with what was measured in its last hour. */
async function openUnit(name: string): Promise<Page> {
  const page = await stage.open('/', { context: { viewport: { width: 1280, height: 1_800 } } });
  await lineOf(page, name).getByRole('link').click();
  await page.getByRole('heading', { name, exact: true }).waitFor();
  return page;
}

/** How many points of a chart's canvas have a colour, `#1a2b3c`, or nearly so: lines are drawn with soft edges. */
async function pointsOf(page: Page, title: string, colour: string): Promise<number> {
  const wanted = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const canvas = page.getByRole('img', { name: new RegExp(`^${title}\\.`) }).locator('canvas');
  return canvas.evaluate((element, [red, green, blue]) => {
    const { data } = element.getContext('2d').getImageData(0, 0, element.width, element.height);
    const near = (at: number, value = 0): boolean => Math.abs(data[at] - value) < 24;
    let points = 0;
    for (let at = 0; at < data.length; at += 4)
      if (data[at + 3] > 128 && near(at, red) && near(at + 1, green) && near(at + 2, blue)) points += 1;
    return points;
  }, wanted);
}

async function saved(page: Page, button: string): Promise<{ readonly download: Download; readonly bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return { download, bytes: await readFile(await download.path()) };
}

describe('the view of a unit', () => {
  test('draws what was measured, says it in words, and more of it the longer the range', async () => {
    const page = await openUnit('hill');
    const chart = page.getByRole('img', { name: /^CPU temperature\./ });
    await expectSoon(() => chart.getAttribute('aria-label')).toMatch(/lowest 40\.0 °C, highest 80\.0 °C/);
    const line = page.getByRole('button', { name: /^package:? / });
    const colour = (await line.locator('path').getAttribute('stroke')) ?? '';
    const drawn = (): Promise<number> => pointsOf(page, 'CPU temperature', colour);
    // The hill is half as long as the chart is wide.
    await expectSoon(drawn).toBeGreaterThan(500);
    const hour = await drawn();
    await shoot(page, 'unit');
    await line.click();
    await expectSoon(() => chart.getAttribute('aria-label')).toBe('CPU temperature. All lines are switched off.');
    await expectSoon(drawn).toBe(0);
    await line.click();
    await expectSoon(drawn).toBeGreaterThan(500);

    await page.getByRole('button', { name: '15 min' }).click();
    await expectSoon(() => page.url()).toContain('range=15m');
    // Only the way down is left.
    await expectSoon(() => chart.getAttribute('aria-label')).toMatch(/highest (?:7[6-9]|80)\.\d °C/);
    // Half of the hill, over the whole width.
    await expectSoon(drawn).toBeGreaterThan(hour * 1.3);
    await page.getByText(/a point stands for \d s/).waitFor();
    await page.getByRole('button', { name: '1 year' }).click();
    await expectSoon(() => page.url()).toContain('range=1y');
    await page.getByText(/a point stands for \d+ h/).waitFor();
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await expectSoon(() => page.url()).toContain('range=15m');
  });

  test('is zoomed by dragging over a chart, which the address keeps for others', async () => {
    const page = await openUnit('hill');
    const chart = page.getByRole('img', { name: /^CPU temperature\./ });
    await expectSoon(() => chart.getAttribute('aria-label')).toContain('highest 80.0 °C');
    const box = await chart.boundingBox();
    expect(box).not.toBeNull();
    const { x, y, width, height } = box ?? { x: 0, y: 0, width: 0, height: 0 };
    const left = x + 68;
    const room = width - 80;
    // The third quarter of the hour: the way up.
    await page.mouse.move(left + room * 0.5, y + height / 3);
    await page.mouse.down();
    await page.mouse.move(left + room * 0.6, y + height / 3, { steps: 3 });
    await page.mouse.move(left + room * 0.74, y + height / 3, { steps: 3 });
    await page.mouse.up();
    await expectSoon(() => page.url()).toMatch(/range=\d+s&end=2/);
    const seconds = Number(/range=(\d+)s/.exec(page.url())?.[1]);
    expect(seconds).toBeGreaterThan(0.2 * 3_600);
    expect(seconds).toBeLessThan(0.28 * 3_600);
    await expectSoon(() => chart.getAttribute('aria-label')).toMatch(/lowest [45]\d\.\d °C/);

    const other = await stage.open(`/${new URL(page.url()).hash}`);
    const same = other.getByRole('img', { name: /^CPU temperature\./ });
    // Either may still wait for its finer steps.
    const labelled = async (): Promise<boolean> =>
      (await same.getAttribute('aria-label')) === (await chart.getAttribute('aria-label'));
    await expectSoon(labelled).toBe(true);
  });

  test('is saved as CSV, a line a point, and as a picture', async () => {
    const page = await openUnit('hill');
    await page.goto(`${page.url()}?range=24h&end=${new Date(endMs).toISOString()}`);
    await page.getByText('a point stands for 2 min').waitFor();
    const { download, bytes } = await saved(page, 'Save as CSV');
    expect(download.suggestedFilename()).toMatch(/^hill_\d{8}T\d{4}Z_\d{8}T\d{4}Z\.csv$/);
    const [head, ...lines] = bytes.toString('utf8').trimEnd().split('\r\n');
    expect(head).toBe('time,step,unit,client_id,sensor,id,name,min,avg,max,count');
    const points = lines.map((line) => line.split(','));
    const hill = points.filter(([, , , , sensor]) => sensor === 'cpu_temp');
    expect(points.every(([, step, unit]) => step === '120' && unit === 'hill')).toBe(true);
    expect(hill.length).toBe(hourMs / 2 / dayStepMs);
    expect(hill.reduce((sum, line) => sum + Number(line[10]), 0)).toBe(hourMs / 2 / stepMs);
    expect(Math.max(...hill.map((line) => Number(line[9])))).toBe(80);
    expect(new Set(points.map(([, , , , sensor, id, name]) => `${sensor} ${id} ${name}`))).toEqual(
      new Set(['cpu_temp package celsius', 'disk / used_ratio']),
    );

    const picture = await saved(page, 'Save as picture');
    expect(picture.download.suggestedFilename()).toMatch(/^hill_.*\.png$/);
    expect([...picture.bytes.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    expect(picture.bytes.readUInt32BE(16)).toBeGreaterThan(1_000);
    expect(picture.bytes.length).toBeGreaterThan(10_000);
  });

  test('shows each latest reading with its source, and which thermometer was taken for the CPU and why', async () => {
    const page = await openUnit('desktop');
    const rows = page.getByRole('region', { name: 'Latest readings' }).getByRole('row');
    const chosen = rows.filter({ hasText: 'coretemp/Package id 0' });
    await expectSoon(() => chosen.textContent()).toMatch(/cpu_temp.*celsius 54\.0 °C.*hwmon3\/temp1_input: package/);
    await rows.filter({ hasText: 'nvme/Composite' }).waitFor();
    await page
      .getByText(
        "coretemp/Package id 0 is the CPU's temperature: the processor's own sensor for its whole package (hwmon3/temp1_input).",
      )
      .waitFor();
    // One without any says what helps.
    await page.getByRole('link', { name: '← Fleet' }).click();
    await lineOf(page, 'hill').getByRole('link').click();
    await page.getByText("package is the CPU's temperature. The unit does not say why.").waitFor();
  });

  test('has its numbers as a table for who would rather read', async () => {
    const page = await openUnit('hill');
    const card = page
      .locator('section')
      .filter({ has: page.getByRole('heading', { name: 'Disks in use' }) })
      .last();
    await card.getByText('Show as a table').click();
    await card.getByRole('row').filter({ hasText: '60%' }).first().waitFor();
    expect(await card.getByRole('row').count()).toBeGreaterThan(100);
  });

  test('of nobody says so', async () => {
    const page = await stage.open('/#/units/AAAAAAAAAAAAAAAAAAAAAA', { expects: [/status of 404/] });
    await expectSeen(page.getByText('There is no unit AAAAAAAAAAAAAAAAAAAAAA.'));
  });
});
