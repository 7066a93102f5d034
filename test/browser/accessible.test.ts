import type { Page } from 'playwright-core';
import { beforeAll, describe, test } from 'vitest';
import { expectAccessible } from './axe.ts';
import { Desktop } from './desktop.ts';
import { lineOf } from './fleet-page.ts';
import { setStage } from './stage.ts';

const stage = setStage();

beforeAll(async () => {
  const { hub } = stage;
  const desktop = new Desktop(hub.folder, 'bench-1');
  // One that is hot, one that is gone: the colours of alarm are looked at too.
  desktop.heatTo(97);
  await hub.startClient('bench-1', '--root', desktop.root);
  const leaving = await hub.startClient('bench-2');
  await leaving.stop();
  await hub.ctl(['tag', 'bench-1', 'site=berlin']);
  await hub.ctl(['token', 'new', '--host', '127.0.0.1']);
});

const views: readonly (readonly [name: string, look: (page: Page) => Promise<void>])[] = [
  ['fleet', (page) => lineOf(page, 'bench-1').getByText('97.0 °C').waitFor()],
  [
    'unit',
    async (page) => {
      await lineOf(page, 'bench-1').getByRole('link').click();
      await page.getByRole('img', { name: /^CPU temperature\..*97\.0 °C/ }).waitFor();
      await page.getByRole('button', { name: 'Set interval …' }).waitFor();
    },
  ],
  [
    'Wall',
    (page) =>
      page
        .getByRole('list', { name: /worst first/ })
        .getByText('97.0 °C')
        .waitFor(),
  ],
  ['Server', (page) => page.getByText('It is ready, and does its work.').waitFor()],
  ['Machines', (page) => page.getByRole('row').filter({ hasText: 'bench-1' }).waitFor()],
  ['Tokens', (page) => page.getByRole('table', { name: 'Join tokens' }).waitFor()],
  ['Audit', (page) => page.getByRole('row').filter({ hasText: 'join-token' }).first().waitFor()],
  ['Settings', (page) => page.getByText('Settings in force').waitFor()],
];

describe.each(['light', 'dark'] as const)('axe finds nothing serious in %s', (colorScheme) => {
  test('on any view', async () => {
    const page = await stage.open('/', { context: { colorScheme } });
    for (const [name, look] of views) {
      if (name !== 'fleet' && name !== 'unit') await page.getByRole('navigation').getByRole('link', { name }).click();
      await look(page);
      await expectAccessible(page, name);
    }
  });

  test('in the dialogs', async () => {
    const page = await stage.open('/', { context: { colorScheme } });
    await page.getByRole('checkbox', { name: 'Choose bench-1' }).check();
    await page.getByRole('button', { name: 'Interval …' }).click();
    await page.getByRole('dialog').waitFor();
    await expectAccessible(page, 'interval');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Tags …' }).click();
    await page.getByRole('dialog').getByText('site=berlin').waitFor();
    await expectAccessible(page, 'tags');
  });
});
