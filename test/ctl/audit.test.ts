import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openAccess } from '../../src/access/open-access.ts';
import { temporaryFolder } from '../store/opened.ts';
import { run } from './run.ts';

/** A data folder whose audit log has these many lines. */
function dataWith(count: number): string {
  const data = temporaryFolder();
  const access = openAccess(data, { wallMs: () => Date.UTC(2026, 10, 21, 10) });
  for (let number = 1; number <= count; number += 1) {
    const details = number === 2 ? { seconds: 5, note: 'a=b' } : {};
    access.record({ who: 'ada', from: '192.0.2.7', action: 'interval-set', target: `unit-${number}`, details });
  }
  access.close();
  return data;
}

function on(data: string, line: string): ReturnType<typeof run> {
  return run([...line.split(' '), '--data-dir', data]);
}

describe('audit', () => {
  test('shows the newest lines, the newest last', async () => {
    const { exitCode, stdout, stderr } = await on(dataWith(3), 'audit --last 2');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      'LINE  TIME                      WHO  FROM       ACTION        TARGET  DETAILS\n' +
        '   2  2026-11-21T10:00:00.000Z  ada  192.0.2.7  interval-set  unit-2  note="a=b" seconds=5\n' +
        '   3  2026-11-21T10:00:00.000Z  ada  192.0.2.7  interval-set  unit-3\n',
    );
  });

  test('for programs has every member, hash included', async () => {
    const { stdout } = await on(dataWith(60), 'audit --json');
    const lines = JSON.parse(stdout);
    expect(lines).toHaveLength(50);
    expect(lines[0]).toMatchObject({ number: 11, who: 'ada', hash: expect.stringMatching(/^[\w-]{43}$/) });
  });

  test('of a server on which nothing was changed is empty, and whole', async () => {
    const data = temporaryFolder();
    expect((await on(data, 'audit')).stderr).toBe('telemetryctl: nothing was changed yet.\n');
    expect(await on(data, 'audit verify')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('0 lines') });
  });

  test('verify says that it is as it was written, and by which hash one would know it again', async () => {
    const data = dataWith(3);
    const { exitCode, stdout } = await on(data, 'audit verify');
    const [{ hash }] = JSON.parse((await on(data, 'audit --last 1 --json')).stdout);
    expect([exitCode, stdout]).toEqual([
      0,
      `${data}: the audit log is as it was written, 3 lines, the last with the hash ${hash}.\n`,
    ]);
  });

  test.for([
    ['a changed line', "UPDATE audit SET who = 'eve' WHERE number = 2", 'Line 2 '],
    ['a missing line', 'DELETE FROM audit WHERE number = 2', 'Line 2 is missing'],
    ['missing lines at the end', 'DELETE FROM audit WHERE number > 1', 'Lines 2 to 3 are missing'],
  ])('verify finds %s, and leaves with 1', async ([, damage, fault]) => {
    const data = dataWith(3);
    const database = new DatabaseSync(join(data, 'access.db'));
    database.exec(String(damage));
    database.close();
    const { exitCode, stdout } = await on(data, 'audit verify');
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining(String(fault))]);
    const { faults } = JSON.parse((await on(data, 'audit verify --json')).stdout);
    expect(faults).not.toEqual([]);
  });
});
