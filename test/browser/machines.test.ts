import { describe, expect, test } from 'vitest';
import { countOf, lineOf } from './fleet-page.ts';
import { shoot } from './screenshots.ts';
import { expectSoon, patienceMs, setStage } from './stage.ts';

const stage = setStage({ flags: ['--auth-mode', 'approve'] });

describe('a machine that the server does not know', () => {
  test('waits, is served once it was approved on the page, and is served no more when it was revoked there', async () => {
    const { hub } = stage;
    const machine = ['--server', `127.0.0.1:${hub.tcpPort}`, '--name', 'bench-1'];
    const waiting = hub.launchClient('bench-1', ...machine);
    await waiting.event({ event: 'registration-refused', code: 'pending' }, { withinMs: patienceMs });

    const page = await stage.open('/#/machines');
    await page.getByText('1 waiting for approval').waitFor();
    const row = page.getByRole('row').filter({ hasText: 'bench-1' });
    await row.getByText('pending').waitFor();
    await shoot(page, 'machines');
    await row.getByRole('button', { name: 'Approve bench-1' }).click();
    const approval = page.getByRole('dialog', { name: 'Approve bench-1?' });
    await approval.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('bench-1 is approved.').waitFor();
    await row.getByText('approved', { exact: true }).waitFor();
    expect(await page.getByText('waiting for approval').count()).toBe(0);

    // It would ask again within a minute; a new start asks at once.
    await waiting.stop();
    const served = await hub.startClient('bench-1');
    await page.getByRole('link', { name: 'Fleet' }).first().click();
    await lineOf(page, 'bench-1').getByText('online', { exact: true }).waitFor();
    await expectSoon(() => countOf(page, 'All')).toBe(1);

    await page.getByRole('navigation').getByRole('link', { name: 'Machines' }).click();
    await row.getByRole('button', { name: 'Revoke bench-1' }).click();
    const revocation = page.getByRole('dialog', { name: 'Revoke bench-1?' });
    await revocation.getByText('It is disconnected at once').waitFor();
    await revocation.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('bench-1 is revoked, and served no more.').waitFor();
    await row.getByText('revoked', { exact: true }).waitFor();
    await served.event({ event: 'registration-refused', code: 'not-allowed' }, { withinMs: patienceMs });
    await page.getByRole('navigation').getByRole('link', { name: 'Fleet' }).click();
    await lineOf(page, 'bench-1').getByText('lost', { exact: true }).waitFor();

    await page.getByRole('navigation').getByRole('link', { name: 'Audit' }).click();
    const lines = page.getByRole('table', { name: 'Audit log, the newest first' }).getByRole('row');
    await lines.filter({ hasText: 'machine-revoked' }).waitFor();
    await lines.filter({ hasText: 'machine-approved' }).waitFor();
  });
});
