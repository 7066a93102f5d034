import { describe, expect, test } from 'vitest';
import { Desktop } from './desktop.ts';
import { expectAccessible } from './axe.ts';
import { cellOf, countOf, lineOf } from './fleet-page.ts';
import { shoot } from './screenshots.ts';
import { expectSoon, setStage } from './stage.ts';

const stage = setStage({ flags: ['--interval', '1'] });
/** What the browser says of a server that is away, or about to leave. */
const away = /net::ERR_|status of 503/;

describe('while the server is away', () => {
  test('no value looks fresh, and afterwards pages catch up by themselves, with what was measured meanwhile', async () => {
    const { hub } = stage;
    const desktop = new Desktop(hub.folder, 'bench-1');
    const client = await hub.startClient('bench-1', '--root', desktop.root);
    const context = await stage.newContext();
    const fleet = await stage.openIn(context, '/', { expects: [away] });
    const cell = await cellOf(fleet, 'bench-1', 'CPU temp');
    await expectSoon(() => cell.textContent()).toBe('54.0 °C');
    const href = await lineOf(fleet, 'bench-1').getByRole('link').getAttribute('href');
    const unit = await stage.openIn(context, `/${href}`, { expects: [away] });
    const chart = unit.getByRole('img', { name: /^CPU temperature\./ });
    await expectSoon(() => chart.getAttribute('aria-label')).toContain('54.0 °C');
    const table = unit.getByRole('region', { name: 'Latest readings' });
    const latest = table.getByRole('row').filter({ hasText: 'coretemp/Package' });
    await expectSoon(() => latest.textContent()).not.toContain('old');

    await hub.stopServer('SIGKILL');
    desktop.heatTo(88);
    for (const page of [fleet, unit]) {
      await page
        .getByRole('alert')
        .filter({ hasText: /^Stale since \d\d:\d\d:\d\d/ })
        .waitFor();
      await page
        .getByRole('status')
        .filter({ hasText: /^stale$/ })
        .waitFor();
    }
    // Nobody knows whether it is still online.
    await lineOf(fleet, 'bench-1').locator('.old').filter({ hasText: 'online' }).waitFor();
    await unit.locator('.old').filter({ hasText: 'online' }).waitFor();
    await shoot(fleet, 'stale');
    await expectAccessible(fleet, 'stale');
    // What was measured 10 s ago is old by itself, whatever is said above it.
    await expectSoon(() => cell.textContent()).toMatch(/^54\.0 °C.*\d+ ?s(?:ec)? ago$/);
    for (const heading of ['RAM', 'Fullest disk'])
      expect(await (await cellOf(fleet, 'bench-1', heading)).locator('.old').count()).toBeGreaterThan(0);
    await expectSoon(() => latest.textContent()).toMatch(/ago, old/);
    await client.event({ event: 'connection-lost' });
    desktop.heatTo(61);

    const from = client.events.length;
    await hub.startServer();
    for (const page of [fleet, unit])
      await page
        .getByRole('status')
        .filter({ hasText: /^live$/ })
        .waitFor();
    expect(await fleet.getByRole('alert').count()).toBe(0);
    await client.event({ event: 'connected' }, { from, withinMs: 60_000 });
    await expectSoon(() => cell.textContent()).toBe('61.0 °C');
    await lineOf(fleet, 'bench-1').getByText('online', { exact: true }).waitFor();
    // The spool has brought what nobody was there to take.
    await expectSoon(() => chart.getAttribute('aria-label')).toContain('88.0 °C');
    await unit.getByRole('listitem').filter({ hasText: 'The link was down; what was measured came later' }).waitFor();
  });

  test('that left cleanly, a page waits as well, and shows who registers afterwards', async () => {
    const { hub } = stage;
    const page = await stage.open('/', { expects: [away] });
    await expectSoon(() => countOf(page, 'All')).toBe(1);
    const { url } = hub;
    await hub.stopServer('SIGTERM');
    await page.getByText(/^Stale since/).waitFor();
    await hub.startServer();
    expect(hub.url).toBe(url);
    await page.getByText(/^Stale since/).waitFor({ state: 'detached' });
    await hub.startClient('bench-2');
    await lineOf(page, 'bench-2').getByText('online', { exact: true }).waitFor();
  });
});
