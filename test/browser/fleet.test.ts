import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Desktop } from './desktop.ts';
import { cellOf, choose, countOf, lineOf, unitsShown } from './fleet-page.ts';
import { shoot } from './screenshots.ts';
import { expectSoon, setStage } from './stage.ts';

const stage = setStage();
const machines = ['bench-1', 'bench-2'] as const;
const simulated = 30;
const all = simulated + machines.length;
let desktop: Desktop;

beforeAll(async () => {
  const { hub } = stage;
  desktop = new Desktop(hub.folder, 'bench-1');
  await hub.startClient('bench-1', '--root', desktop.root);
  await hub.startClient('bench-2');
  for (const name of machines) await hub.ctl(['interval', name, '1']);
  await hub.startFleet(simulated);
});

/** A page with the whole fleet: what is sorted and filtered is all of it. */
async function wholeFleet(path = '/'): Promise<Page> {
  const page = await stage.open(path);
  await expectSoon(() => countOf(page, 'All')).toBeGreaterThanOrEqual(all);
  return page;
}

describe('the fleet', () => {
  test('has a line for each machine, real and simulated, with its values', async () => {
    const page = await wholeFleet();
    expect(await countOf(page, 'All')).toBe(all);
    await expectSoon(() => countOf(page, 'online')).toBe(all);
    await expectSoon(() => lineOf(page, 'bench-1').getByText('online').count()).toBe(1);
    await expectSoon(async () => (await cellOf(page, 'bench-1', 'CPU temp')).textContent()).toContain('54.0 °C');
    await expectSoon(async () => (await cellOf(page, 'bench-1', 'RAM')).textContent()).toMatch(/^\d+%/);
    await expectSoon(async () => (await cellOf(page, 'bench-1', 'Interval')).textContent()).toBe('1 s');
    await expectSoon(async () => (await cellOf(page, 'fleet-7', 'CPU temp')).textContent()).toMatch(/^\d+\.\d °C$/);
    await shoot(page, 'fleet');
  });

  test('shows what a thermometer measures within its interval, without anybody asking', async () => {
    const page = await wholeFleet();
    const cell = await cellOf(page, 'bench-1', 'CPU temp');
    await expectSoon(() => cell.textContent()).toContain('54.0 °C');
    desktop.heatTo(83);
    await expectSoon(() => cell.textContent()).toBe('83.0 °C, hot');
    desktop.heatTo(54);
    await expectSoon(() => cell.textContent()).toBe('54.0 °C');
    const other = await cellOf(page, 'fleet-1', 'CPU temp');
    const before = await other.textContent();
    await expectSoon(() => other.textContent()).not.toBe(before);
  });

  test('is sorted by a heading, and the other way by the same again', async () => {
    const page = await wholeFleet();
    await expectSoon(async () => (await unitsShown(page)).slice(0, 4)).toEqual([
      'bench-1',
      'bench-2',
      'fleet-1',
      'fleet-2',
    ]);
    const heading = page.getByRole('columnheader', { name: 'Unit', exact: true });
    await heading.getByRole('button').click();
    // Numbers are numbers: 30 is above 4.
    await expectSoon(async () => (await unitsShown(page)).slice(0, 2)).toEqual(['fleet-30', 'fleet-29']);
    expect(await heading.getAttribute('aria-sort')).toBe('descending');
    const hottest = page.getByRole('columnheader', { name: 'CPU temp' });
    // Simulated units have 30 to 93 °C.
    desktop.heatTo(99);
    await hottest.getByRole('button').click();
    await expectSoon(async () => (await unitsShown(page))[0]).toBe('bench-1');
    expect(await heading.getAttribute('aria-sort')).toBe('none');
    await hottest.getByRole('button').click();
    await expectSoon(async () => (await unitsShown(page))[0]).toMatch('fleet');
    expect(await hottest.getAttribute('aria-sort')).toBe('ascending');
    desktop.heatTo(54);
  });

  test('is filtered by what is typed, and whole again by Escape', async () => {
    const page = await wholeFleet();
    await page.keyboard.press('/');
    await page.keyboard.type('bench');
    await expectSoon(() => unitsShown(page)).toEqual(machines);
    await page.getByRole('status').filter({ hasText: '2 units match' }).waitFor({ state: 'attached' });
    await page.keyboard.type(' nothing-like-it');
    await page.getByText('No unit matches the filter.').waitFor();
    await page.getByRole('searchbox').press('Escape');
    await expectSoon(async () => (await unitsShown(page)).length).toBeGreaterThan(10);
  });

  test('keeps the letters that are typed while it is being filtered', async () => {
    const page = await wholeFleet();
    // The rest comes right behind the step in which the list is filtered, and before the next picture.
    await page.evaluate(`{
      const box = document.querySelector('input[type=search]');
      const type = (text) => {
        box.value = text;
        box.dispatchEvent(new InputEvent('input', { bubbles: true }));
      };
      const replace = history.replaceState.bind(history);
      history.replaceState = (...what) => {
        history.replaceState = replace;
        replace(...what);
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => type('bench-2');
        port2.postMessage('');
      };
      type('bench');
    }`);
    await expectSoon(() => unitsShown(page)).toEqual(['bench-2']);
    expect(await page.getByRole('searchbox').inputValue()).toBe('bench-2');
  });

  test('is filtered and grouped by tags that were set on the page and by telemetryctl, and a new page at its address shows the same', async () => {
    const page = await wholeFleet();
    await choose(page, 'bench-1', 'fleet-1');
    await page.getByRole('button', { name: 'Tags …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Tags of 2 units' });
    await dialog.getByLabel('Add a tag').fill('site=berlin');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.getByText('2 of 2 changed').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await stage.hub.ctl(['tag', 'bench-2', 'site=oslo']);
    await lineOf(page, 'bench-2').getByRole('button', { name: 'site=oslo' }).waitFor();

    await page.getByLabel('Group').selectOption('site');
    await page.getByRole('row', { name: /site = berlin 2 units/ }).waitFor();
    await page.getByRole('row', { name: /site = oslo 1 unit/ }).waitFor();
    await page.getByRole('row', { name: new RegExp(`without site ${all - 3} units`) }).waitFor();
    expect((await unitsShown(page)).slice(0, 3)).toEqual(['bench-1', 'fleet-1', 'bench-2']);
    await shoot(page, 'fleet-grouped');

    await lineOf(page, 'fleet-1').getByRole('button', { name: 'site=berlin' }).click();
    await expectSoon(() => unitsShown(page)).toEqual(['bench-1', 'fleet-1']);
    await page.getByRole('columnheader', { name: 'Unit', exact: true }).getByRole('button').click();
    await expectSoon(() => unitsShown(page)).toEqual(['fleet-1', 'bench-1']);
    await expectSoon(async () => [await countOf(page, 'All'), await countOf(page, 'online')]).toEqual([2, 2]);

    const { hash } = new URL(page.url());
    const other = await stage.open(`/${hash}`);
    await expectSoon(() => unitsShown(other)).toEqual(['fleet-1', 'bench-1']);
    expect(await other.getByRole('searchbox').inputValue()).toBe('site=berlin');
    expect(await other.getByRole('row', { name: /site = berlin 2 units/ }).count()).toBe(1);
    expect(await other.getByRole('columnheader', { name: 'Unit', exact: true }).getAttribute('aria-sort')).toBe(
      'descending',
    );
  });

  test('counts its units by state, and a click on a state shows those alone', async () => {
    const page = await wholeFleet();
    const leaving = await stage.hub.startClient('bench-3');
    await expectSoon(() => countOf(page, 'All')).toBe(all + 1);
    await leaving.stop();
    await expectSoon(() => countOf(page, 'disconnected')).toBe(1);
    await expectSoon(() => countOf(page, 'online')).toBe(all);
    await page.getByRole('button', { name: /^disconnected/ }).click();
    await expectSoon(() => unitsShown(page)).toEqual(['bench-3']);
    expect(page.url()).toContain('state%3Adisconnected');
    // What it measured last is not news any more, and says so.
    await lineOf(page, 'bench-3').locator('.old').first().waitFor();
    await page.getByRole('button', { name: /^disconnected/ }).click();
    await expectSoon(async () => (await unitsShown(page)).length).toBeGreaterThan(10);
  });

  test('stands on the wall with the worst first', async () => {
    desktop.heatTo(98);
    const page = await wholeFleet();
    await expectSoon(async () => (await cellOf(page, 'bench-1', 'CPU temp')).textContent()).toContain('98.0 °C');
    await page.getByRole('link', { name: 'Wall' }).click();
    const cards = page.getByRole('list', { name: 'Units, the worst first' }).getByRole('listitem');
    await expectSoon(async () => (await cards.first().textContent()) ?? '').toMatch(/bench-1.*98\.0 °C.*very hot/);
    await shoot(page, 'wall');
    desktop.heatTo(54);
  });
});
