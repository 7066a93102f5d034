import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { AuditLine } from '../../src/access/contract.ts';
import { openAccess } from '../../src/access/open-access.ts';
import { by, cheap, temporaryFolder, type TemporaryFolder } from './temporary-folder.ts';

/** Six lines, `interval-set` of `unit-1` to `unit-6`. */
function sixLines(folder: TemporaryFolder): void {
  const access = openAccess(folder.path, { ...cheap, wallMs: () => Date.UTC(2026, 10, 21, 10) });
  for (let index = 1; index <= 6; index += 1) {
    access.record({ ...by, action: 'interval-set', target: `unit-${index}`, details: { seconds: index } });
  }
  access.close();
}

function faultsOf(folder: TemporaryFolder): readonly string[] {
  const access = openAccess(folder.path, cheap);
  const { faults } = access.verifyAudit();
  access.close();
  return faults;
}

describe('the audit log', () => {
  test('keeps lines with their numbers, and gives the newest, oldest first', () => {
    using folder = temporaryFolder();
    sixLines(folder);
    const access = openAccess(folder.path, cheap);
    const lines = access.audit(2);
    expect(lines).toMatchObject([
      {
        number: 5,
        time: '2026-11-21T10:00:00.000Z',
        ...by,
        action: 'interval-set',
        target: 'unit-5',
        details: { seconds: 5 },
      },
      { number: 6, target: 'unit-6' },
    ]);
    expect(access.record({ ...by, action: 'x', target: '', details: {} })).toBe(7);
    access.close();
  });

  test('is right as it was written, and its head is the hash of the last line', () => {
    using folder = temporaryFolder();
    sixLines(folder);
    const access = openAccess(folder.path, cheap);
    expect(access.verifyAudit()).toEqual({ lines: 6, head: access.audit(1)[0]?.hash, faults: [] });
    access.close();
  });

  test('can be checked by anybody: base64url of the SHA-256 of the hash before, LF, and the line as an array', () => {
    using folder = temporaryFolder();
    sixLines(folder);
    const access = openAccess(folder.path, cheap);
    let before = '';
    for (const { hash, number, time, who, from, action, target, details } of access.audit(6)) {
      const text = `${before}\n${JSON.stringify([number, time, who, from, action, target, details])}`;
      expect(hash).toBe(createHash('sha256').update(text).digest('base64url'));
      before = hash;
    }
    access.close();
  });

  test.for([
    ['time', "'2026-11-21T09:00:00.000Z'"],
    ['who', "'somebody else'"],
    ['origin', "'192.0.2.9'"],
    ['action', "'nothing'"],
    ['target', "'unit-9'"],
    ['details', `'{"seconds":60}'`],
    ['details', "'no details'"],
    ['hash', "'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'"],
  ] as const)('a changed line is found by its %s, set to %s', ([column, value]) => {
    using folder = temporaryFolder();
    sixLines(folder);
    folder.tamper(`UPDATE audit SET ${column} = ${value} WHERE number = 3`);
    expect(faultsOf(folder)[0]).toMatch(/^Line 3 .* is not as it was written/);
  });

  test('a changed line with a hash that fits it is found by the next one', () => {
    using folder = temporaryFolder();
    sixLines(folder);
    const access = openAccess(folder.path, cheap);
    const lines = access.audit(6);
    access.close();
    const third: AuditLine | undefined = lines[2];
    const text = `${lines[1]?.hash}\n${JSON.stringify([3, third?.time, by.who, by.from, 'interval-set', 'unit-9', { seconds: 3 }])}`;
    const hash = createHash('sha256').update(text).digest('base64url');
    folder.tamper(`UPDATE audit SET target = 'unit-9', hash = '${hash}' WHERE number = 3`);
    expect(faultsOf(folder)).toEqual(['Line 4 (2026-11-21T10:00:00.000Z) is not as it was written, or line 3 is not.']);
  });

  test.for([
    ['number = 3', ['Line 3 is missing.']],
    ['number IN (2, 3, 4)', ['Lines 2 to 4 are missing.']],
    ['number = 1', ['Line 1 is missing.']],
  ] as const)('a missing line in the middle is found where %s', ([which, faults]) => {
    using folder = temporaryFolder();
    sixLines(folder);
    folder.tamper(`DELETE FROM audit WHERE ${which}`);
    expect(faultsOf(folder)).toEqual(faults);
  });

  test('a missing line is found though the others are numbered anew', () => {
    using folder = temporaryFolder();
    sixLines(folder);
    folder.tamper(
      'DELETE FROM audit WHERE number = 3; UPDATE audit SET number = number - 1 WHERE number > 3; UPDATE audit_head SET lines = 5',
    );
    expect(faultsOf(folder)[0]).toMatch(/^Line 3 .* is not as it was written/);
  });

  test('missing lines at the end are found', () => {
    using folder = temporaryFolder();
    sixLines(folder);
    folder.tamper('DELETE FROM audit WHERE number > 4');
    expect(faultsOf(folder)).toEqual(['Lines 5 to 6 are missing. They are the last ones.']);
    folder.tamper('UPDATE audit_head SET lines = 4');
    expect(faultsOf(folder)).toEqual(['Line 4, the last one, is not the one that the head names.']);
    folder.tamper('DELETE FROM audit');
    expect(faultsOf(folder)).toEqual(['Lines 1 to 4 are missing. They are the last ones.']);
  });

  test('a line that was added by something else is found, and so is a head that is gone', () => {
    using folder = temporaryFolder();
    sixLines(folder);
    folder.tamper(
      'INSERT INTO audit SELECT 7, time, who, origin, action, target, details, hash FROM audit WHERE number = 6',
    );
    expect(faultsOf(folder)).toHaveLength(2);
    folder.tamper('DELETE FROM audit WHERE number = 7; DELETE FROM audit_head');
    expect(faultsOf(folder)).toEqual(['The head, which says how many lines there are, is missing.']);
    const access = openAccess(folder.path, cheap);
    expect(() => access.record({ ...by, action: 'x', target: '', details: {} })).toThrow(
      expect.objectContaining({ code: 'access-failed' }),
    );
    access.close();
  });

  test('of the faults the first 20 are told', () => {
    using folder = temporaryFolder();
    const access = openAccess(folder.path, cheap);
    for (let index = 0; index < 60; index += 1) access.record({ ...by, action: 'x', target: '', details: {} });
    access.close();
    folder.tamper('UPDATE audit SET target = number WHERE number % 2 = 0');
    expect(faultsOf(folder)).toHaveLength(20);
  });

  test('that nobody has written to is right', () => {
    using folder = temporaryFolder();
    expect(faultsOf(folder)).toEqual([]);
  });
});
