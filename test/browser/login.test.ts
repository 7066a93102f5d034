import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './axe.ts';
import { choose, countOf, lineOf } from './fleet-page.ts';
import { shoot } from './screenshots.ts';
import { expectSoon, setStage } from './stage.ts';

const stage = setStage({ env: { TELEMETRY_HTTP_LOGIN: 'always' } });
const passwords = { ada: 'a few words of hers', bob: 'a few words of his', eve: 'a few more words of hers' };
/** What the browser says of a request that the server refuses. */
const refused = /status of 40[13] /;

beforeAll(async () => {
  const { hub } = stage;
  for (const [name, scope] of [
    ['ada', 'admin'],
    ['bob', 'read'],
    ['eve', 'operate'],
  ] as const)
    await hub.ctl(['user', 'add', name, '--scope', scope, '--data-dir', hub.dataDir], passwords[name]);
  await hub.startClient('bench-1');
});

async function logIn(page: Page, name: keyof typeof passwords, password = passwords[name]): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

async function loggedIn(name: keyof typeof passwords, path = '/'): Promise<Page> {
  const page = await stage.open(path, { expects: [refused] });
  await logIn(page, name);
  await page.getByRole('button', { name: 'Log out' }).waitFor();
  return page;
}

describe('a server that wants to know who looks', () => {
  test('shows nothing before the login, refuses a wrong password in words, and lets in by the right one', async () => {
    const page = await stage.open('/#/wall', { expects: [refused] });
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    await expectSoon(() => page.title()).toBe('Log in · telemetry-hub');
    await shoot(page, 'login');
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page, `login, ${colorScheme}`);
    }
    await logIn(page, 'ada', 'something else that she knows');
    await page.getByText('There is no such account, or this is not its password.').waitFor();
    expect(await page.getByText('bench-1').count()).toBe(0);
    await logIn(page, 'ada');
    // Where the address has led in the first place.
    await page.getByRole('list', { name: 'Units, the worst first' }).getByText('bench-1').waitFor();
    await page.getByText('ada (admin)').waitFor();
  });

  test('keeps who has logged in over a reload, and forgets them when they log out', async () => {
    const page = await loggedIn('ada');
    await page.reload();
    await lineOf(page, 'bench-1').waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    expect(await page.getByText('bench-1').count()).toBe(0);
    await page.reload();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
  });

  test('shows the scope read no control that changes anything, and refuses its calls', async () => {
    const page = await loggedIn('bob');
    await lineOf(page, 'bench-1').waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(0);
    expect(await page.getByRole('button', { name: /^(?:Interval|Tags).*…$/ }).count()).toBe(0);
    expect(await page.getByRole('navigation').getByRole('link', { name: 'Audit' }).count()).toBe(0);
    await lineOf(page, 'bench-1').getByRole('link').click();
    await page.getByRole('heading', { name: 'bench-1' }).waitFor();
    expect(await page.getByRole('button', { name: 'Set interval …' }).count()).toBe(0);
    for (const [view, needs] of [
      ['Machines', /needs the scope admin/],
      ['Tokens', /needs the scope admin/],
      ['Settings', /needs the scope admin/],
    ] as const) {
      await page.getByRole('navigation').getByRole('link', { name: view }).click();
      await page.getByRole('heading', { name: view, exact: true }).waitFor();
      await page.getByText(needs).first().waitFor();
      expect(
        await page.getByRole('button', { name: /^(?:Approve|Revoke|Forget|Rename|Make|Add|Remove)/ }).count(),
      ).toBe(0);
    }
    await page.goto(`${stage.hub.url}/#/audit`);
    await page.getByText('This view needs the scope admin').waitFor();

    const answer: unknown = await page.evaluate(`fetch('/api/v1/intervals', {
      method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ units: 'all', seconds: 1 }),
    }).then(async (response) => [response.status, (await response.json()).type])`);
    expect(answer).toEqual([403, expect.stringMatching(/forbidden-scope$/)]);
  });

  test('lets the scope operate set intervals, and nothing that admins do', async () => {
    const page = await loggedIn('eve');
    await choose(page, 'bench-1');
    await page.getByRole('button', { name: 'Interval …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Seconds between two rounds').fill('4');
    await dialog.getByRole('button', { name: 'Set', exact: true }).click();
    await dialog.getByText('1 confirmed. Done.').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('navigation').getByRole('link', { name: 'Tokens' }).click();
    await page
      .getByText(/needs the scope admin/)
      .first()
      .waitFor();
    expect(await page.getByRole('button', { name: 'Make a join line' }).count()).toBe(0);
  });

  test('brings the login back when a session has ended', async () => {
    const page = await loggedIn('bob');
    await expectSoon(() => countOf(page, 'All')).toBe(1);
    const { hub } = stage;
    await hub.ctl(['user', 'passwd', 'bob', '--data-dir', hub.dataDir], 'some other words of his');
    // A page that asks for nothing is told with the next heartbeat of its stream, 15 s at most.
    await page.getByRole('link', { name: 'Server' }).click();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    expect(await page.getByText('bench-1').count()).toBe(0);
    await logIn(page, 'bob', 'some other words of his');
    await page.getByText('It is ready, and does its work.').waitFor();
  });
});
