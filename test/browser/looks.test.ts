import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Desktop } from './desktop.ts';
import { countOf, lineOf } from './fleet-page.ts';
import { shoot } from './screenshots.ts';
import { expectSoon, setStage } from './stage.ts';

const stage = setStage();
const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

beforeAll(async () => {
  const { hub } = stage;
  await hub.startClient('bench-1', '--root', new Desktop(hub.folder, 'bench-1').root);
  await hub.startFleet(12, 'a-name-that-is-rather-long-for-a-phone');
  await hub.ctl(['tag', 'all', 'building=the-long-house-by-the-river']);
});

/** What reaches out of the window at its side, if anything does. */
async function outside(page: Page): Promise<unknown> {
  return page.evaluate(`[document.documentElement, document.body, document.querySelector('main')]
    .filter((element) => element.scrollWidth > element.clientWidth)
    .map((element) => element.tagName + ' ' + element.scrollWidth + ' of ' + element.clientWidth)`);
}

async function groundOf(page: Page): Promise<unknown> {
  return page.evaluate(`getComputedStyle(document.documentElement).backgroundColor`);
}

const light = 'rgb(246, 247, 248)';
const dark = 'rgb(16, 20, 21)';

describe('on a phone of 360 px', () => {
  test.for([
    ['fleet', '/', 'bench-1'],
    ['wall', '/#/wall', 'bench-1'],
    ['server', '/#/server', 'It is ready, and does its work.'],
    ['machines', '/#/machines', 'A machine has a key of its own'],
    ['tokens', '/#/tokens', 'There is no join token.'],
    ['audit', '/#/audit', 'tags-set'],
    ['settings', '/#/settings', 'Settings in force'],
  ] as const)('%s does not scroll sideways', async ([name, path, text]) => {
    const page = await stage.open(path, { context: phone });
    await page.getByText(text).first().waitFor();
    expect(await outside(page)).toEqual([]);
    await shoot(page, `phone-${name}`);
  });

  test('a unit is opened, its charts fit, and its interval is set', async () => {
    const page = await stage.open('/', { context: phone });
    await expectSoon(() => countOf(page, 'All')).toBe(13);
    await lineOf(page, 'bench-1').getByRole('link').tap();
    await page.getByRole('img', { name: /^CPU temperature\..*54\.0 °C/ }).waitFor();
    expect(await outside(page)).toEqual([]);
    await shoot(page, 'phone-unit');
    await page.getByRole('button', { name: 'Set interval …' }).tap();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '5 s', exact: true }).tap();
    await dialog.getByRole('button', { name: 'Set', exact: true }).tap();
    await dialog.getByText('1 confirmed. Done.').waitFor();
    expect(await outside(page)).toEqual([]);
  });
});

test('numbers are in the language of the reader, times in the zone of the reader, and in UTC on hover', async () => {
  const page = await stage.open('/', { context: { locale: 'de-DE', timezoneId: 'Asia/Tokyo' } });
  await lineOf(page, 'bench-1').getByText('54,0 °C').waitFor();
  await lineOf(page, 'bench-1').getByRole('link').click();
  const registered = page.locator('dd time').first();
  const iso = (await registered.getAttribute('datetime')) ?? '';
  const inTokyo = new Date(Date.parse(iso) + 9 * 3_600_000).toISOString();
  expect(await registered.textContent()).toBe(
    `${inTokyo.slice(8, 10)}.${inTokyo.slice(5, 7)}.${inTokyo.slice(0, 4)}, ${inTokyo.slice(11, 19)}`,
  );
  expect(await registered.getAttribute('title')).toContain(`${iso.slice(0, 19)}Z`);
});

test.for([
  ['fleet', '/'],
  ['wall', '/#/wall'],
  ['server', '/#/server'],
] as const)('on a screen of 3840 x 2160 %s fits, and is drawn to its right edge', async ([name, path]) => {
  const page = await stage.open(path, { context: { viewport: { width: 3_840, height: 2_160 } } });
  await page
    .getByText(name === 'server' ? 'It is ready, and does its work.' : 'bench-1')
    .first()
    .waitFor();
  expect(await outside(page)).toEqual([]);
  expect(await page.evaluate(`document.querySelector('main').getBoundingClientRect().right`)).toBe(3_840);
  await shoot(page, `4k-${name}`);
});

describe('light and dark', () => {
  test('are as the system has them, and change with it', async () => {
    const page = await stage.open('/', { context: { colorScheme: 'light' } });
    await lineOf(page, 'bench-1').waitFor();
    expect(await groundOf(page)).toBe(light);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectSoon(() => groundOf(page)).toBe(dark);
    await shoot(page, 'fleet-dark');
  });

  test('are chosen with the switch, and stay so for the next visit', async () => {
    const context = await stage.newContext({ colorScheme: 'light' });
    const page = await stage.openIn(context, '/');
    await page.getByRole('button', { name: 'Theme: auto. Change to light' }).click();
    await page.getByRole('button', { name: 'Theme: light. Change to dark' }).click();
    await expectSoon(() => groundOf(page)).toBe(dark);
    const next = await stage.openIn(context, '/#/wall');
    await expectSoon(() => groundOf(next)).toBe(dark);
    await next.getByRole('button', { name: 'Theme: dark. Change to auto' }).click();
    await expectSoon(() => groundOf(next)).toBe(light);
  });

  test('a chart has the colours of its theme', async () => {
    const page = await stage.open('/', { context: { colorScheme: 'dark', viewport: { width: 1280, height: 1_600 } } });
    await lineOf(page, 'bench-1').getByRole('link').click();
    const chart = page.getByRole('img', { name: /^CPU load\./ }).locator('canvas');
    const lines = (): Promise<string> => chart.evaluate((canvas) => canvas.toDataURL());
    await page.getByRole('img', { name: /^CPU load\..*highest/ }).waitFor();
    const before = await lines();
    await shoot(page, 'unit-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await expectSoon(lines).not.toBe(before);
  });
});

describe('with the keyboard alone', () => {
  test('somebody finds a unit, opens it and sets its interval', async () => {
    const page = await stage.open('/');
    await lineOf(page, 'bench-1').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('bench');
    await page.getByRole('status').filter({ hasText: '1 units match' }).waitFor({ state: 'attached' });
    const focused = (): Promise<unknown> => page.evaluate(`document.activeElement?.getAttribute('role') ?? ''`);
    for (let presses = 0; presses < 12 && (await focused()) !== 'grid'; presses += 1) await page.keyboard.press('Tab');
    expect(await focused()).toBe('grid');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'bench-1' }).waitFor();

    const button = page.getByRole('button', { name: 'Set interval …' });
    await button.waitFor();
    const onButton = (): Promise<boolean> =>
      button.evaluate((element) => element === element.ownerDocument.activeElement);
    for (let presses = 0; presses < 30 && !(await onButton()); presses += 1) await page.keyboard.press('Tab');
    expect(await onButton()).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Interval of bench-1' }).waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('7');
    await page.keyboard.press('Enter');
    await page.getByText('1 confirmed. Done.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // Whoever closes a dialog goes on where it was opened.
    expect(await onButton()).toBe(true);
  });

  test('the first Tab leads past the menu', async () => {
    const page = await stage.open('/');
    await lineOf(page, 'bench-1').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(`document.activeElement.tagName`)).toBe('MAIN');
  });
});
