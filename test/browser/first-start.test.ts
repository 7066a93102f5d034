import { describe, expect, test } from 'vitest';
import { expectAccessible } from './axe.ts';
import { lineOf } from './fleet-page.ts';
import { shoot } from './screenshots.ts';
import { expectSoon, setStage } from './stage.ts';

const stage = setStage();

describe('a server without units', () => {
  test('shows how to begin, with the port that it listens on, and a machine appears by itself that joins by a line made there', async () => {
    const { hub } = stage;
    const page = await stage.open('/');
    await page.getByRole('heading', { name: 'No machine reports yet' }).waitFor();
    await expectSoon(() => page.title()).toBe('Fleet · telemetry-hub');
    const plain = page.getByRole('region', { name: 'On a network that you trust' });
    await plain.getByText(`telemetry-client --server 127.0.0.1:${hub.tcpPort}`).waitFor();
    await shoot(page, 'first-start');
    await expectAccessible(page, 'first start');

    const safe = page.getByRole('region', { name: 'On any network, with a join line' });
    await safe.getByRole('button', { name: 'Make a join line' }).click();
    await safe.getByRole('button', { name: 'Make it' }).click();
    await safe.getByLabel('Name or address of this server').fill('127.0.0.1');
    const line = await safe.getByText(/^telemetry-client join /).textContent();
    const [, , place = ''] = line?.split(' ') ?? [];
    expect(place).toMatch(/^127\.0\.0\.1:\d+\/[^/]+\/[^/]+$/);

    const joining = hub.launchClient('garage', 'join', place, '--name', 'garage');
    expect(await joining.ended).toMatchObject({ code: 0 });
    await lineOf(page, 'garage').waitFor();
    expect(await page.getByRole('heading', { name: 'No machine reports yet' }).count()).toBe(0);
    // To join is to register once: the client itself is another start.
    await lineOf(page, 'garage').getByText('disconnected').waitFor();
    hub.launchClient('garage');
    await lineOf(page, 'garage').getByText('online').waitFor();

    await page.getByRole('link', { name: 'Machines' }).click();
    await page.getByRole('row', { name: /approved garage/ }).waitFor();
  });

  test('tells in the view of tokens who has joined by a line that was made there', async () => {
    const { hub } = stage;
    const page = await stage.open('/#/tokens');
    await page.getByRole('button', { name: 'Make a join line' }).click();
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.getByLabel('Name or address of this server').fill('127.0.0.1');
    const line = await page.getByText(/^telemetry-client join /).textContent();
    const valid = page.getByRole('table', { name: 'Join tokens' }).getByRole('row').filter({ hasText: 'valid' });
    await valid.waitFor();
    await page.getByText('Nobody has joined by it yet').waitFor();
    const joining = hub.launchClient('attic', 'join', line?.split(' ')[2] ?? '', '--name', 'attic');
    expect(await joining.ended).toMatchObject({ code: 0 });
    await page.getByRole('status').filter({ hasText: 'attic has joined.' }).waitFor();
    await valid.waitFor({ state: 'detached' });
  });
});
