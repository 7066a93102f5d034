import type * as Crypto from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Access } from '../../src/access/contract.ts';
import { openAccess } from '../../src/access/open-access.ts';
import { hashPassword, isPassword, passwordCost } from '../../src/access/passwords.ts';
import { Turns } from '../../src/access/turns.ts';
import { by, cheap, password, temporaryFolder, type TemporaryFolder } from './temporary-folder.ts';

const work = vi.hoisted(() => ({ derivations: [] as unknown[], comparisons: [] as number[] }));
vi.mock('node:crypto', async (original) => {
  const actual = await original<typeof Crypto>();
  const scrypt = (...given: Parameters<typeof actual.scrypt>): void => {
    work.derivations.push(given.slice(2, 4));
    actual.scrypt(...given);
  };
  const timingSafeEqual = (...given: Parameters<typeof actual.timingSafeEqual>): boolean => {
    work.comparisons.push(given[0].byteLength);
    return actual.timingSafeEqual(...given);
  };
  return { ...actual, scrypt, timingSafeEqual };
});

let folder: TemporaryFolder;
let access: Access;
beforeEach(() => {
  folder = temporaryFolder();
  access = openAccess(folder.path, cheap);
});
afterEach(() => {
  access.close();
  folder[Symbol.dispose]();
});

describe('an account', () => {
  test('is known by its password, whatever the capitals of its name, and by no other', async () => {
    await access.addAccount({ name: 'Ada', password, scope: 'operate' }, by);
    expect(await access.byPassword('ada', password)).toEqual({ name: 'Ada', scope: 'operate', generation: 1 });
    for (const wrong of ['', `${password} `, password.toUpperCase(), password.slice(0, -1)])
      expect(await access.byPassword('Ada', wrong)).toBeUndefined();
  });

  test('is shown without its password, and its file holds the password in no form that can be read', async () => {
    await access.addAccount({ name: 'ada', password, scope: 'admin' }, by);
    expect(access.accounts).toEqual([
      { name: 'ada', scope: 'admin', created: expect.any(String), password_changed: expect.any(String) },
    ]);
    expect(JSON.stringify(access.audit(10))).not.toContain(password);
  });

  test('there is not takes the same work as one with a wrong password', async () => {
    await access.addAccount({ name: 'ada', password, scope: 'admin' }, by);
    work.derivations.length = 0;
    await access.byPassword('ada', 'wrong words of somebody');
    await access.byPassword('nobody', 'wrong words of somebody');
    expect(work.derivations).toHaveLength(2);
    expect(work.derivations[0]).toEqual(work.derivations[1]);
  });

  test('has another generation with another password, another scope, and when it is made anew', async () => {
    const seen: (number | undefined)[] = [];
    const see = (): void => void seen.push(access.account('ada')?.generation);
    await access.addAccount({ name: 'ada', password, scope: 'admin' }, by);
    see();
    await access.setPassword('ada', `${password}!`, by);
    see();
    access.setScope('ada', 'read', by);
    see();
    access.removeAccount('ada', by);
    expect(access.account('ada')).toBeUndefined();
    await access.addAccount({ name: 'ada', password, scope: 'admin' }, by);
    see();
    expect(new Set(seen).size).toBe(4);
    expect(access.audit(10).map(({ action }) => action)).toEqual([
      'account-added',
      'password-changed',
      'scope-changed',
      'account-removed',
      'account-added',
    ]);
  });

  test('with a name that is taken, or a change of one that is not there, is refused and leaves no line', async () => {
    await access.addAccount({ name: 'ada', password, scope: 'admin' }, by);
    await expect(access.addAccount({ name: 'ADA', password, scope: 'read' }, by)).rejects.toMatchObject({
      code: 'account-exists',
    });
    await expect(access.setPassword('bob', password, by)).rejects.toMatchObject({ code: 'no-such-account' });
    expect(() => access.setScope('bob', 'read', by)).toThrow(expect.objectContaining({ code: 'no-such-account' }));
    expect(() => access.removeAccount('bob', by)).toThrow(expect.objectContaining({ code: 'no-such-account' }));
    expect(access.audit(10)).toHaveLength(1);
    expect(access.verifyAudit().faults).toEqual([]);
  });

  test.for(['', ' ada', 'a b', 'ada:x', 'local', 'Token', '-ada', 'a'.repeat(65), 'ada\n', 'adä'])(
    'cannot be called %j',
    async (name) => {
      await expect(access.addAccount({ name, password, scope: 'read' }, by)).rejects.toMatchObject({
        code: 'bad-account',
        exitCode: 2,
      });
      expect(existsSync(folder.file)).toBe(false);
    },
  );

  test.for([
    ['11 characters', 'elevenchars', 'shorter than 12 characters'],
    ['11 characters of two units each', '😀'.repeat(11), 'shorter than 12 characters'],
    ['257 bytes', 'x'.repeat(257), 'longer than 256 bytes'],
    ["the account's name", 'ADA-LOVELACE', "is the account's name"],
  ] as const)('cannot have a password of %s', async ([, tried, words]) => {
    await expect(access.addAccount({ name: 'ada-lovelace', password: tried, scope: 'read' }, by)).rejects.toThrow(
      words,
    );
    expect(existsSync(folder.file)).toBe(false);
  });

  test.for(['twelve chars', 'x'.repeat(256), '😀'.repeat(12)])('may have the password %s', async (tried) => {
    await access.addAccount({ name: 'ada', password: tried, scope: 'read' }, by);
    expect(await access.byPassword('ada', tried)).toBeDefined();
  });

  test('is known by its password however the keyboard composes it', async () => {
    await access.addAccount({ name: 'ada', password: 'caf\u00e9 au lait!', scope: 'read' }, by);
    expect(await access.byPassword('ada', 'cafe\u0301 au lait!')).toBeDefined();
  });
});

describe('a password', () => {
  test('costs 32 MiB, N = 2^15, r = 8, p = 3, unless a test says otherwise', async () => {
    const kept = await hashPassword(password, passwordCost);
    expect(kept).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w-]{22}\$[\w-]{43}$/);
    expect(await isPassword(password, kept)).toBe(true);
    expect(await isPassword('another', kept)).toBe(false);
  });

  test('is kept with a salt of its own, and checked with the parameters that it was kept with', async () => {
    const [one, other] = await Promise.all([
      hashPassword(password, { logN: 4, r: 8, p: 1 }),
      hashPassword(password, { logN: 5, r: 8, p: 2 }),
    ]);
    const again = await hashPassword(password, { logN: 4, r: 8, p: 1 });
    expect(one).not.toBe(again);
    for (const kept of [one, other, again]) expect(await isPassword(password, kept)).toBe(true);
  });

  test('is checked two at a time, in the order in which they came', async () => {
    const turns = new Turns(2);
    const ends: (() => void)[] = [];
    const order: number[] = [];
    const all = Array.from({ length: 5 }, (_, index) =>
      turns.take(async () => {
        order.push(index);
        await new Promise<void>((resolve) => void ends.push(resolve));
      }),
    );
    await Promise.resolve();
    expect(order).toEqual([0, 1]);
    ends[0]?.();
    await all[0];
    await expect.poll(() => order).toEqual([0, 1, 2]);
    while (order.length < 5 || ends.length < 5) {
      for (const end of ends) end();
      await Promise.resolve();
    }
    for (const end of ends) end();
    await Promise.all(all);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('an API token', () => {
  test('begins with thub_ and has 32 random bytes, and is kept as its SHA-256 alone', () => {
    const { token, view } = access.addApiToken({ name: 'ci', scope: 'operate', expiresMs: undefined }, by);
    expect(token).toMatch(/^thub_[\w-]{43}$/);
    expect(view).toEqual({
      id: expect.stringMatching(/^\w[\w-]{7}$/),
      name: 'ci',
      scope: 'operate',
      created: expect.any(String),
      expires: null,
    });
    expect(access.apiTokens).toEqual([view]);
    expect(access.byApiToken(token, 0)).toEqual({ name: `token:${view.id}`, scope: 'operate', generation: 0 });
    expect(JSON.stringify(access.audit(1))).not.toContain(token);
  });

  test.for(['', 'thub_', 'x'.repeat(100_000), 'thub_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'])(
    'that is wrong is nobody: %s',
    (wrong) => {
      access.addApiToken({ name: 'ci', scope: 'read', expiresMs: undefined }, by);
      expect(access.byApiToken(wrong, 0)).toBeUndefined();
    },
  );

  test('takes the same work whether it is right, wrong, expired, or no token at all', () => {
    const { token } = access.addApiToken({ name: 'ci', scope: 'read', expiresMs: 1_000 }, by);
    work.comparisons.length = 0;
    access.byApiToken(token, 0);
    access.byApiToken(token, 1_000);
    access.byApiToken(`${token.slice(0, -1)}~`, 0);
    access.byApiToken('', 0);
    expect(work.comparisons).toEqual([43, 43, 43, 43]);
  });

  test('of which only the id fits is nobody', () => {
    const { token, view } = access.addApiToken({ name: 'ci', scope: 'read', expiresMs: undefined }, by);
    folder.tamper(`UPDATE api_token SET hash = '${view.id}AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'`);
    expect(access.byApiToken(token, 0)).toBeUndefined();
  });

  test('counts until it expires, and until it is removed', () => {
    const { token, view } = access.addApiToken({ name: 'ci', scope: 'read', expiresMs: 1_000 }, by);
    expect(view.expires).toBe('1970-01-01T00:00:01.000Z');
    expect(access.byApiToken(token, 999)).toBeDefined();
    expect(access.byApiToken(token, 1_000)).toBeUndefined();
    access.removeApiToken(view.id, by);
    expect(access.byApiToken(token, 0)).toBeUndefined();
    expect(() => access.removeApiToken(view.id, by)).toThrow(expect.objectContaining({ code: 'no-such-api-token' }));
  });

  test('needs a name of one line', () => {
    for (const name of ['', 'a\nb', 'x'.repeat(65)])
      expect(() => access.addApiToken({ name, scope: 'read', expiresMs: undefined }, by)).toThrow(
        expect.objectContaining({ code: 'bad-account' }),
      );
  });
});

describe('the file', () => {
  test('is not made by looking, and is for its user alone', async () => {
    expect([access.accounts, access.apiTokens, access.audit(1)]).toEqual([[], [], []]);
    expect(existsSync(folder.file)).toBe(false);
    await access.addAccount({ name: 'ada', password, scope: 'admin' }, by);
    for (const file of [folder.file, `${folder.file}-wal`]) expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('may be open twice: what one changes the other knows at once', async () => {
    const other = openAccess(folder.path, cheap);
    expect(other.account('ada')).toBeUndefined();
    await access.addAccount({ name: 'ada', password, scope: 'admin' }, by);
    expect(other.account('ada')).toBeDefined();
    other.setScope('ada', 'read', by);
    expect(access.account('ada')?.scope).toBe('read');
    await Promise.all(
      [access, other].map((one, index) => one.addAccount({ name: `user-${index}`, password, scope: 'read' }, by)),
    );
    expect(access.verifyAudit()).toMatchObject({ lines: 4, faults: [] });
    other.close();
  });

  test('that is none, or is of a later release, is said with its name and left as it is', async () => {
    await access.addAccount({ name: 'ada', password, scope: 'admin' }, by);
    access.close();
    folder.tamper('PRAGMA user_version = 99');
    expect(() => access.accounts).toThrow(expect.objectContaining({ code: 'access-failed' }));
    expect(() => access.accounts).toThrow(`${folder.file} was written by a later release`);
  });

  test('that is damaged is said', async () => {
    const { writeFileSync } = await import('node:fs');
    writeFileSync(folder.file, 'no database at all, but long enough to be looked at as one'.repeat(40));
    expect(() => access.accounts).toThrow(expect.objectContaining({ code: 'access-failed' }));
    expect(() => access.record({ ...by, action: 'x', target: '', details: {} })).toThrow(folder.file);
  });
});
