import { chmodSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { openAccess } from '../../src/access/open-access.ts';
import type { Access } from '../../src/access/contract.ts';
import type { Keyboard } from '../../src/app/ctl/password-input.ts';
import { temporaryFolder } from '../store/opened.ts';
import { until } from '../http/fake-hub.ts';
import { run, start, type RunOptions } from './run.ts';

const password = 'a few words of hers';

/** What a script pipes in. */
const piped = (text: string | Uint8Array): Keyboard => Readable.from([Buffer.from(text)]);

/** A person at a terminal: shows whether it is told not to echo. */
function typist(): Keyboard & { readonly raw: boolean[]; write(text: string): boolean } {
  const raw: boolean[] = [];
  return Object.assign(new PassThrough(), { isTTY: true, raw, setRawMode: (on: boolean) => void raw.push(on) });
}

function on(data: string, line: string, options: RunOptions = {}): ReturnType<typeof run> {
  return run([...line.split(' '), '--data-dir', data], options);
}

async function accessIn<Result>(data: string, look: (access: Access) => Result | Promise<Result>): Promise<Result> {
  const access = openAccess(data);
  try {
    return await look(access);
  } finally {
    access.close();
  }
}

describe('user add', () => {
  test('takes one line of standard input as the password, and makes the first account an admin', async () => {
    const data = temporaryFolder();
    const { exitCode, stdout, stderr } = await on(data, 'user add ada', { stdin: piped(`${password}\r\nmore\n`) });
    expect([exitCode, stdout, stderr]).toEqual([0, 'ada: added, with the scope admin.\n', '']);
    await accessIn(data, async (access) => {
      expect(await access.byPassword('ada', password)).toMatchObject({ name: 'ada', scope: 'admin' });
      expect(access.audit(9)).toMatchObject([{ who: 'local:ada', from: 'console', action: 'account-added' }]);
    });
  });

  test('gives later ones read, or what --scope says', async () => {
    const data = temporaryFolder();
    for (const line of ['user add ada', 'user add bob', 'user add eve --scope operate'])
      expect((await on(data, line, { stdin: piped(password) })).exitCode).toBe(0);
    const { stdout } = await on(data, 'user list --json');
    expect(JSON.parse(stdout)).toMatchObject([
      { name: 'ada', scope: 'admin' },
      { name: 'bob', scope: 'read' },
      { name: 'eve', scope: 'operate' },
    ]);
    expect((await on(data, 'user')).stdout).toMatch(/^NAME +SCOPE +MADE +PASSWORD CHANGED\nada +admin .*\nbob +read /);
  });

  test('on a terminal asks twice, and shows nothing of the password', async () => {
    const data = temporaryFolder();
    const stdin = typist();
    const started = start(['user', 'add', 'ada', '--data-dir', data], { stdin });
    await until(() => started.stderr().includes('New password for ada'), 'the question');
    expect(stdin.raw).toEqual([true]);
    stdin.write(`${password}x\u007F\r`);
    await until(() => started.stderr().includes('The same again'), 'the second question');
    stdin.write(`${password}\r`);
    expect(await started.exitCode).toBe(0);
    expect(started.stdout() + started.stderr()).not.toContain('few words');
    expect(stdin.raw).toEqual([true, false]);
    expect(await accessIn(data, (access) => access.byPassword('ada', password))).toBeDefined();
  });

  test.for([
    ['two that differ', `${password}\r${password}!\r`, 'The two are not the same'],
    ['Ctrl-C', '\u0003', 'No password was given'],
    ['Ctrl-D', '\u0004', 'No password was given'],
  ] as const)('on a terminal with %s changes nothing, and gives the terminal back', async ([, typed, said]) => {
    const data = temporaryFolder();
    const stdin = typist();
    stdin.write(typed);
    const { exitCode, stderr } = await on(data, 'user add ada', { stdin });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(said)]);
    expect(stdin.raw.at(-1)).toBe(false);
    expect(await accessIn(data, (access) => access.accounts)).toEqual([]);
  });

  test('that is ended while it asks gives the terminal back and changes nothing', async () => {
    const data = temporaryFolder();
    const stdin = typist();
    const started = start(['user', 'add', 'ada', '--data-dir', data], { stdin });
    await until(() => started.stderr().includes('New password'), 'the question');
    started.end();
    expect([await started.exitCode, started.stderr()]).toEqual([1, expect.stringContaining('nothing was changed')]);
    expect(stdin.raw).toEqual([true, false]);
  });

  test('that is ended while it waits for a pipe leaves', async () => {
    const data = temporaryFolder();
    const stdin: Keyboard = new PassThrough();
    const started = start(['user', 'add', 'ada', '--data-dir', data], { stdin });
    await until(() => stdin.listenerCount('readable') > 0, 'the reading');
    started.end();
    expect(await started.exitCode).toBe(1);
  });

  test.for([
    ['nothing', '', 2, 'Standard input has no password'],
    ['an empty line', '\nsecond line\n', 2, 'Standard input has no password'],
    ['a short one', 'too short', 2, '12'],
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x41), 2, 'no text in UTF-8'],
    ['a file that has no end of line', 'x'.repeat(100_000), 2, 'bytes'],
  ] as const)('with %s for a password changes nothing', async ([, text, code, said]) => {
    const data = temporaryFolder();
    const { exitCode, stderr } = await on(data, 'user add ada', { stdin: piped(text) });
    expect([exitCode, stderr]).toEqual([code, expect.stringContaining(said)]);
    expect(await accessIn(data, (access) => access.accounts)).toEqual([]);
  });

  test('of a name that is taken is refused before a password is asked for', async () => {
    const data = temporaryFolder();
    await on(data, 'user add ada', { stdin: piped(password) });
    const { exitCode, stderr } = await on(data, 'user add Ada', { stdin: piped('') });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[account-exists]')]);
  });

  test('before the first start of the server makes its folder, for its user alone; nothing else does', async () => {
    const data = join(temporaryFolder(), 'telemetry', 'server');
    for (const line of ['user', 'user remove ada', 'api-token', 'audit', 'audit verify']) {
      const { exitCode, stderr } = await on(data, line);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[data-missing]')]);
    }
    expect(existsSync(data)).toBe(false);
    expect((await on(data, 'user add ada', { stdin: piped(password) })).exitCode).toBe(0);
    expect(statSync(data).mode % 0o1000).toBe(0o700);
    expect(statSync(join(data, 'access.db')).mode % 0o1000).toBe(0o600);
  });
});

describe('user', () => {
  test('passwd changes the password of one that there is, and of no other', async () => {
    const data = temporaryFolder();
    await on(data, 'user add ada', { stdin: piped(password) });
    const next = 'another few words';
    const { stdout } = await on(data, 'user passwd ada', { stdin: piped(next) });
    expect(stdout).toBe('ada: has another password; whoever was logged in with the old one is logged out.\n');
    await accessIn(data, async (access) => {
      expect(await access.byPassword('ada', password)).toBeUndefined();
      expect(await access.byPassword('ada', next)).toBeDefined();
    });
    const { exitCode, stderr } = await on(data, 'user passwd bob', { stdin: piped(next) });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[no-such-account]')]);
  });

  test('scope and remove change an account, and say when it was the last', async () => {
    const data = temporaryFolder();
    await on(data, 'user add ada', { stdin: piped(password) });
    expect((await on(data, 'user scope ada operate')).stdout).toBe(
      'ada: has the scope operate; it has to log in again.\n',
    );
    expect(JSON.parse((await on(data, 'user scope ada read --json')).stdout)).toMatchObject({ scope: 'read' });
    const { exitCode, stdout, stderr } = await on(data, 'user remove ada');
    expect([exitCode, stdout]).toEqual([0, 'ada: removed, and logged out.\n']);
    expect(stderr).toContain('that was the last account');
    expect((await on(data, 'user')).stderr).toContain('there are no accounts');
    expect((await on(data, 'user remove ada')).stderr).toContain('[no-such-account]');
  });

  test('in the audit log is who sudo says it was, where root asks, and nobody else can claim to be another', async () => {
    const data = temporaryFolder();
    const env = { SUDO_USER: 'grace' };
    await on(data, 'user add a', { stdin: piped(password), euid: 0, env });
    await on(data, 'user remove a', { euid: 1000, env });
    expect(await accessIn(data, (access) => access.audit(9).map(({ who }) => who))).toEqual([
      'local:ada (sudo by grace)',
      'local:ada',
    ]);
  });

  test('of a folder that is not to be written says who may', async () => {
    const data = join(temporaryFolder(), 'file');
    await on(join(data, '..'), 'user add ada', { stdin: piped(password) });
    const { exitCode, stderr } = await on(join(data, '..', 'access.db', 'x'), 'user list');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[data-missing]')]);
    chmodSync(join(data, '..'), 0o500);
    const refused = await on(join(data, '..'), 'user list');
    chmodSync(join(data, '..'), 0o700);
    // Root may write everywhere.
    const isRoot = process.geteuid?.() === 0;
    expect(refused.stderr).toBe(
      isRoot ? '' : expect.stringContaining("run telemetryctl as the server's user or as root [data-not-allowed]"),
    );
  });
});

describe('api-token', () => {
  test('new prints the token alone, which works with the scope and until the day that were asked for', async () => {
    const data = temporaryFolder();
    const { exitCode, stdout, stderr } = await on(data, 'api-token new wall --scope operate --expires 7d');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^thub_[A-Za-z0-9_-]{43}\n$/);
    await accessIn(data, (access) => {
      const token = stdout.trim();
      const dayMs = 86_400_000;
      expect(access.byApiToken(token, Date.now() + 6.9 * dayMs)).toMatchObject({ scope: 'operate' });
      expect(access.byApiToken(token, Date.now() + 7.1 * dayMs)).toBeUndefined();
      expect(access.audit(1)).toMatchObject([{ who: 'local:ada', action: 'api-token-added' }]);
    });
  });

  test('new holds for 90 days and reads where nothing else is said; on a terminal it says so', async () => {
    const data = temporaryFolder();
    const { stderr } = await on(data, 'api-token new wall', { isTerminal: true });
    expect(stderr).toMatch(
      /^telemetryctl: holds until \d{4}-.*Z, with the scope read, and is not shown again; its id is /,
    );
    const [view] = await accessIn(data, (access) => access.apiTokens);
    expect(Date.parse(view?.expires ?? '') - Date.parse(view?.created ?? '')).toBeCloseTo(90 * 86_400_000, -3);
  });

  test('is listed without itself, and revoked by its id', async () => {
    const data = temporaryFolder();
    const made = JSON.parse((await on(data, 'api-token new wall --expires never --json')).stdout);
    expect(made).toMatchObject({ name: 'wall', scope: 'read', expires: null });
    const { stdout } = await on(data, 'api-token');
    expect(stdout).toMatch(/^ID +NAME +SCOPE +MADE +EXPIRES\n.{8} +wall +read .* never\n$/);
    expect(stdout).not.toContain(made.token);
    expect((await on(data, `api-token revoke id:${made.id}`)).stdout).toBe(`wall (${made.id}): revoked.\n`);
    const { exitCode, stderr } = await on(data, `api-token revoke id:${made.id}`);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[no-such-api-token]')]);
    expect((await on(data, 'api-token')).stderr).toContain('there are none');
  });
});
