import { expect, test } from 'vitest';
import { runCrashWorld } from './crash-world.ts';

const rounds = 20;

test(
  'servers and clients that are killed at random moments under full load lose nothing that was acknowledged or spooled, and store it once',
  { timeout: 240_000 },
  async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const outcome = await runCrashWorld(rounds, seed);
    expect(outcome.problems, `npm run test:crash -- --seed ${seed}`).toEqual([]);
    expect(outcome.serverKills + outcome.clientKills).toBeGreaterThanOrEqual(rounds);
    // It was load, also on a machine that is busy with other things: thousands of readings a round on one that is not.
    expect(outcome.acknowledged).toBeGreaterThan(rounds * 100);
    expect(outcome.stored).toBeGreaterThanOrEqual(outcome.acknowledged);
    expect(outcome.spooled).toBeGreaterThan(0);
  },
);
