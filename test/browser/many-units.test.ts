import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeHub, serve, unitView, type Served } from '../http/fake-hub.ts';
import { countOf, lineOf } from './fleet-page.ts';
import { expectSoon, setStage } from './stage.ts';

const stage = setStage();
const units = 5_000;
/** What fits into the window, and a few more above and below. */
const linesMax = 60;
let served: Served;

beforeAll(async () => {
  const nowMs = Date.now();
  const last_seen = new Date(nowMs).toISOString();
  const all = Array.from({ length: units }, (_, index) => {
    const name = `unit-${index + 1}`;
    const latest = {
      cpu_temp: [{ seq: 1, time: nowMs, sensor: 'cpu_temp', epoch: '5f2c91e0', celsius: 30 + (index % 500) / 10 }],
    };
    return unitView({ client_id: `id${index}`, name, last_seen, registered: last_seen, latest });
  });
  const pageFolder = fileURLToPath(new URL('../../dist/web', import.meta.url));
  served = await serve({ hub: new FakeHub(...all), pageFolder });
});
afterAll(() => served.close());

const lines = (page: Page): Promise<number> => page.getByRole('row').count();

describe('a fleet of 5,000 units', () => {
  test('has only the lines that are seen in the page, wherever it is scrolled', async () => {
    const page = await stage.open('/', { origin: served.url });
    await expectSoon(() => countOf(page, 'All')).toBe(units);
    await lineOf(page, 'unit-1').waitFor();
    const grid = page.getByRole('grid');
    expect(await grid.getAttribute('aria-rowcount')).toBe(String(units + 1));
    await expectSoon(() => lines(page)).toBeGreaterThan(10);
    let most = await lines(page);
    for (let step = 1; step <= 20; step += 1) {
      await grid.evaluate((element, part) => (element.scrollTop = element.scrollHeight * part), step / 20);
      most = Math.max(most, await lines(page));
    }
    await lineOf(page, `unit-${units}`).waitFor();
    expect(await lineOf(page, 'unit-1').count()).toBe(0);
    expect(most).toBeLessThan(linesMax);

    await grid.focus();
    await page.keyboard.press('Home');
    await lineOf(page, 'unit-1').waitFor();
    expect(await lines(page)).toBeLessThan(linesMax);
  });

  test('is sorted and filtered as a whole, not as far as it is seen', async () => {
    const page = await stage.open('/', { origin: served.url });
    await page.getByRole('columnheader', { name: 'CPU temp' }).getByRole('button').click();
    await lineOf(page, 'unit-500').waitFor();
    await lineOf(page, 'unit-1000').waitFor();
    await page.getByRole('searchbox').fill('unit-4999');
    await expectSoon(() => countOf(page, 'All')).toBe(1);
    await lineOf(page, 'unit-4999').waitFor();
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('2');
  });
});
