import { describe, expect, test } from 'vitest';
import { cellOf, choose, countOf, lineOf } from './fleet-page.ts';
import { PastUnit } from './past-unit.ts';
import { shoot } from './screenshots.ts';
import { expectSoon, patienceMs, setStage } from './stage.ts';

const stage = setStage();
const withinMs = patienceMs;

describe('an interval that is set on the page', () => {
  test('shows as wanted until the machine confirms it, and as confirmed then', async () => {
    const { hub } = stage;
    const client = await hub.startClient('bench-1');
    const page = await stage.open('/');
    await lineOf(page, 'bench-1').getByRole('link').click();
    await page.getByRole('heading', { name: 'bench-1' }).waitFor();
    const control = page.getByRole('definition').filter({ has: page.getByRole('button', { name: 'Set interval …' }) });
    const shown = control.getByRole('status').first();
    await expectSoon(() => shown.textContent()).toBe('10 s');

    // A client that is stopped hears of it later.
    process.kill(client.pid, 'SIGSTOP');
    await control.getByRole('button').click();
    const dialog = page.getByRole('dialog', { name: 'Interval of bench-1' });
    await dialog.getByLabel('Seconds between two rounds').fill('2.5');
    await dialog.getByRole('button', { name: 'Set', exact: true }).click();
    await dialog.getByText('1 sending').waitFor();
    await expectSoon(() => shown.textContent()).toMatch(/^10 s → 2\.5 s sending, try \d+$/);
    await shoot(page, 'interval');

    process.kill(client.pid, 'SIGCONT');
    await client.event({ event: 'interval-changed', interval: 2.5 }, { withinMs });
    await hub.server.event({ event: 'interval-confirmed', unit: 'bench-1', interval: 2.5 }, { withinMs });
    await dialog.getByText('1 confirmed. Done.').waitFor();
    await expectSoon(() => shown.textContent()).toBe('2.5 s');
    await dialog.getByRole('button', { name: 'Close' }).click();
    const events = page.getByRole('listitem');
    await events.filter({ hasText: 'Interval of 2.5 s confirmed' }).waitFor();
    await events.filter({ hasText: 'Interval of 2.5 s wanted' }).waitFor();
  });

  test('for several holds for those that were chosen, and says who has not confirmed it', async () => {
    const { hub } = stage;
    const clients = [await hub.startClient('rack-1'), await hub.startClient('rack-2')];
    await hub.startClient('rack-3');
    const silent = { port: hub.tcpPort, name: 'rack-4', readingsAt: () => [] };
    await using _ = await PastUnit.register(silent);
    const page = await stage.open('/');
    await choose(page, 'rack-1', 'rack-2', 'rack-4');
    await page.getByRole('status').filter({ hasText: '3 chosen' }).waitFor();
    await page.getByRole('button', { name: 'Interval …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Interval of 3 units' });
    await dialog.getByRole('group', { name: 'Common intervals' }).getByRole('button', { name: '30 s' }).click();
    await dialog.getByRole('button', { name: 'Set', exact: true }).click();
    for (const client of clients) await client.event({ event: 'interval-changed', interval: 30 }, { withinMs });
    await dialog.getByText('2 confirmed, 1 sending').waitFor();
    await dialog
      .getByRole('listitem')
      .filter({ hasText: /^rack-4: 10 s → 30 s sending/ })
      .waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();

    await expectSoon(async () => (await cellOf(page, 'rack-1', 'Interval')).textContent()).toBe('30 s');
    await expectSoon(async () => (await cellOf(page, 'rack-2', 'Interval')).textContent()).toBe('30 s');
    await expectSoon(async () => (await cellOf(page, 'rack-4', 'Interval')).textContent()).toMatch(
      '10 s → 30 s sending',
    );
    expect(await (await cellOf(page, 'rack-3', 'Interval')).textContent()).toBe('10 s');
  });

  test('for all holds for every machine', async () => {
    const { hub } = stage;
    const client = await hub.startClient('lab-1');
    const page = await stage.open('/');
    await expectSoon(() => countOf(page, 'All')).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Interval of all …' }).click();
    const dialog = page.getByRole('dialog', { name: /^Interval of all/ });
    await dialog.getByLabel('Seconds between two rounds').fill('20');
    await dialog.getByLabel('Seconds between two rounds').press('Enter');
    await client.event({ event: 'interval-changed', interval: 20 }, { withinMs });
    await dialog.getByText(/\d+ confirmed/).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await expectSoon(async () => (await cellOf(page, 'lab-1', 'Interval')).textContent()).toBe('20 s');
  });

  test('is refused in words where it is out of bounds, and nothing changes', async () => {
    const { hub } = stage;
    await hub.startClient('shed-1');
    const page = await stage.open('/');
    await choose(page, 'shed-1');
    await page.getByRole('button', { name: 'Interval …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Interval of shed-1' });
    await dialog.getByLabel('Seconds between two rounds').fill('0.1234');
    await dialog.getByRole('button', { name: 'Set', exact: true }).click();
    await dialog
      .getByRole('alert')
      .filter({ hasText: /0\.001|thousandth|millisecond/ })
      .waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(await (await cellOf(page, 'shed-1', 'Interval')).textContent()).toBe('10 s');
  });
});
