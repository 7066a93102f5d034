import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './axe.ts';
import { Desktop } from './desktop.ts';
import { cellOf, countOf, unitsShown } from './fleet-page.ts';
import { shoot } from './screenshots.ts';
import { expectSeen, expectSoon, setStage } from './stage.ts';

const stage = setStage();
let fleetFile = '';
let unitFile = '';

beforeAll(async () => {
  const { hub } = stage;
  await hub.startClient('bench-1', '--root', new Desktop(hub.folder, 'bench-1').root);
  await hub.startFleet(20);
  const live = await stage.open('/');
  await cellOf(live, 'bench-1', 'CPU temp').then((cell) => cell.getByText('54.0 °C').waitFor());
  await stage.clear(undefined);
  fleetFile = join(hub.folder, 'fleet.html');
  unitFile = join(hub.folder, 'bench-1.html');
  await hub.ctl(['page', '--out', fleetFile]);
  await hub.ctl(['page', '--unit', 'bench-1', '--from', '-1h', '--out', unitFile]);
  // What is in the files is all there is.
  await hub.stopServer();
});

/** Opens a file as from a folder. It may ask for nothing but itself. */
async function openFile(file: string): Promise<Page> {
  const { href } = pathToFileURL(file);
  return stage.open('', { origin: href });
}

describe('a page that was written to a file', () => {
  test('shows the fleet as it was, says when that was, and can be sorted and filtered', async () => {
    const page = await openFile(fleetFile);
    await page
      .getByRole('note')
      .getByText(/^As it was on \d+ \w+ 20\d\d/)
      .waitFor();
    await expectSoon(() => countOf(page, 'All')).toBe(21);
    expect(await (await cellOf(page, 'bench-1', 'CPU temp')).textContent()).toContain('54.0 °C');
    await page.getByRole('columnheader', { name: 'Unit', exact: true }).getByRole('button').click();
    await expectSoon(async () => (await unitsShown(page))[0]).toBe('fleet-20');
    await page.getByRole('searchbox').fill('bench');
    await expectSoon(() => unitsShown(page)).toEqual(['bench-1']);
    expect(await page.getByRole('button', { name: /…$|^Log out/ }).count()).toBe(0);
    expect(await page.getByRole('navigation').getByRole('link').allTextContents()).toEqual(['Fleet', 'Wall']);
    await expectAccessible(page, 'file');
    await page.getByRole('link', { name: 'Wall' }).click();
    await page.getByRole('list', { name: 'Units, the worst first' }).getByText('bench-1').waitFor();
    await shoot(page, 'file-wall');
  });

  test('shows a unit with its charts, its latest readings and what happened', async () => {
    const page = await openFile(unitFile);
    await page.getByRole('heading', { name: 'bench-1' }).waitFor();
    await expectSeen(page.getByRole('img', { name: /^CPU temperature\..*highest 54\.0 °C/ }));
    await page.getByRole('region', { name: 'Latest readings' }).getByText('hwmon3/temp1_input: package').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Registered from 127.0.0.1' }).first().waitFor();
    await shoot(page, 'file-unit');
  });
});
