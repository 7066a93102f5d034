import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Program } from '../program.ts';
import { Desktop } from './desktop.ts';
import { cellOf, lineOf } from './fleet-page.ts';
import { shoot } from './screenshots.ts';
import { expectSeen, expectSoon, setStage } from './stage.ts';

const stage = setStage({ flags: ['--interval', '1'] });

/** What a chart says where nothing was measured: the mouse goes over it until it says something. */
async function tipOf(chart: Locator): Promise<string | null> {
  const tip = chart.locator('.unit-gap-tip');
  const { x, y, width, height } = (await chart.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  for (let part = 0.98; part > 0.1; part -= 0.02) {
    await chart.page().mouse.move(x + part * width, y + height / 3);
    // One look: with each second the chart moves on below the mouse.
    const [words] = await tip.allTextContents();
    if (words !== undefined) return words;
  }
  return null;
}

let silent: Program;

beforeAll(async () => {
  silent = await stage.hub.startClient('bench-2');
});
afterAll(() => void process.kill(silent.pid, 'SIGCONT'));

describe('a machine that says nothing any more', () => {
  test('is late at first', async () => {
    const page = await stage.open('/');
    await lineOf(page, 'bench-2').getByText('online', { exact: true }).waitFor();
    // Its connection stays, as when somebody pulls a cable.
    process.kill(silent.pid, 'SIGSTOP');
    await expectSeen(lineOf(page, 'bench-2').getByText('late', { exact: true }));
  });

  test('because its client was killed turns to lost with its values called old, its charts have a gap that says why, and both end when it is back', async () => {
    const { hub } = stage;
    const desktop = new Desktop(hub.folder, 'bench-1');
    const client = await hub.startClient('bench-1', '--root', desktop.root);
    const page = await stage.open('/', { context: { viewport: { width: 1280, height: 2_600 } } });
    const cell = await cellOf(page, 'bench-1', 'CPU temp');
    await expectSoon(() => cell.textContent()).toBe('54.0 °C');
    expect(await lineOf(page, 'bench-1').locator('.old').count()).toBe(0);

    await client.stop({ signal: 'SIGKILL' });
    // With a process the kernel ends its connections: the server need not wait for three intervals.
    await lineOf(page, 'bench-1').getByText('lost', { exact: true }).waitFor();
    // bench-2 has ten seconds more before it is lost too.
    await expectSoon(() => page.title()).toMatch(/^[12] lost · Fleet · telemetry-hub$/);
    await expectSoon(() => cell.textContent()).toMatch(/^54\.0 °C.*\d+ ?s(ec)? ago$/);
    expect(await cell.locator('.old').count()).toBeGreaterThan(0);

    await lineOf(page, 'bench-1').getByRole('link').click();
    await page.getByRole('heading', { name: 'bench-1' }).waitFor();
    await page.getByText('lost', { exact: true }).waitFor();
    const gaps = page.getByRole('listitem').filter({ hasText: 'so far' });
    await gaps.filter({ hasText: 'The connection broke, and nobody can say why' }).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Lost' }).waitFor();
    const marks = page.locator('.unit-mark-bad');
    await expectSoon(() => marks.count()).toBe(1);
    // A shorter absence than 5 s is none.
    await expectSoon(() => gaps.textContent()).toMatch(/for (?:[7-9]|[1-9]\d) s so far/);
    await shoot(page, 'unit-lost');

    await hub.startClient('bench-1', '--root', desktop.root);
    await page.getByText('online', { exact: true }).waitFor();
    const over = page
      .getByRole('listitem')
      .filter({ hasText: 'The machine was off or asleep, or its client did not run' });
    await over.waitFor();
    await expectSoon(() => over.textContent()).not.toContain('so far');
    await gaps.waitFor({ state: 'detached' });
    await expectSoon(() => page.title()).toMatch(/^(1 lost · )?bench-1 · telemetry-hub$/);

    await page.goto(`${page.url()}?range=60s`);
    const tip = await tipOf(page.getByRole('img', { name: /^CPU temperature\./ }));
    expect(tip).toMatch(/^The machine was off or asleep, or its client did not run \(\d+(?:\.\d+)? s\)\.$/);

    await page.getByRole('link', { name: '← Fleet' }).click();
    await expectSoon(() => cell.textContent()).toBe('54.0 °C');
  });

  test('is lost where its connection stays, and its gap ends when it goes on', async () => {
    const page = await stage.open('/');
    const line = lineOf(page, 'bench-2');
    await expectSeen(line.getByText('lost', { exact: true }));
    process.kill(silent.pid, 'SIGCONT');
    await line.getByText('online', { exact: true }).waitFor();
    await line.getByRole('link').click();
    await page
      .getByRole('listitem')
      .filter({ hasText: /Lost.*no frame for 3 intervals/ })
      .waitFor();
    // What it was asked for just as the machine came back does not stay.
    await page.getByRole('listitem').filter({ hasText: 'so far' }).waitFor({ state: 'detached' });
    await page.getByRole('listitem').filter({ hasText: 'or its client did not run' }).first().waitFor();
  });
});
