import { expect, test } from 'vitest';
import { StoreDamage } from '../../src/server/store-damage.ts';

test('what queries left out is counted, and noted from the first on', () => {
  const damage = new StoreDamage();
  expect([damage.leftOut, damage.notes]).toEqual([0, []]);
  damage.add(2);
  damage.add(1);
  expect([damage.leftOut, damage.notes]).toEqual([3, [expect.stringContaining('telemetryctl store check')]]);
});
