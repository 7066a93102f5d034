import { expect, test } from 'vitest';
import { UnitLine } from '../../src/http/live/unit-line.ts';
import type { UnitGlance } from '../../src/server/contract.ts';
import { glanceOf, unitView } from './fake-hub.ts';

const glance = glanceOf(unitView());

/** What a line makes of a unit whose record is the same object as before, as the server's is until it changes. */
function lookAgain(changes: Partial<UnitGlance>): string {
  const line = new UnitLine('Yw1l0Ck3aT8mQ2vN5xR7sA');
  expect(line.look(glance, 1)).toBe('row');
  return line.look({ ...glance, ...changes }, 2);
}

test('a unit of which nothing has changed is the same', () => {
  expect(lookAgain({})).toBe('same');
});

test('a frame that has arrived is a change of its values alone', () => {
  expect(lookAgain({ lastSeenMs: glance.lastSeenMs + 1_000 })).toBe('values');
});

test.each([
  ['another state', { state: 'late' as const }],
  [
    'an interval that was sent once more',
    { intervalTries: 2, interval: { confirmed: 10, wanted: 10, rev: 1, state: 'sending' as const, tries: 2 } },
  ],
  ['a clock that is off', { clockOffsetMs: 5_000 }],
  ['another record', { record: { ...glance.record, name: 'bench-04' } }],
])('%s is a change of its row, though its record is the same', (_, changes) => {
  expect(lookAgain(changes)).toBe('row');
});

test('values are found by the interval that the unit has now', () => {
  const disk = glance.readings.find(({ sensor }) => sensor === 'disk');
  if (disk === undefined) throw new Error('the sample has a disk');
  const older = { ...disk, id: '/old', time: disk.time - 60_000, value: () => 100 };
  const line = new UnitLine('Yw1l0Ck3aT8mQ2vN5xR7sA');
  line.look({ ...glance, readings: [disk, older] }, 1);
  const before = line.valuesText();
  const interval = { confirmed: 60, wanted: 60, rev: 2, state: 'confirmed' as const, tries: 0 };
  line.look({ ...glance, record: { ...glance.record }, interval, readings: [disk, older] }, 2);
  expect(line.valuesText()).not.toBe(before);
});
