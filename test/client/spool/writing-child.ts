import { writeSync } from 'node:fs';
import { systemClock } from '../../../src/transport/system-clock.ts';
import { openSpool } from '../../../src/client/spool/open-spool.ts';
import { readings } from './opened.ts';

/** Adds rounds until it is killed; says the number of each that is in, and which of them it has let go of. */
const [stateDir = '', epoch = ''] = process.argv.slice(2);
const say = (line: string): void => {
  // At once: a line that waits in this process dies with it.
  writeSync(1, `${line}\n`);
};
const { spool } = await openSpool({
  stateDir,
  bytesMax: 2 ** 20,
  sync: 'never',
  drawHex: () =>
    Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  clock: systemClock,
  log: (level, event, fields) => {
    say(`log ${level} ${event} ${JSON.stringify(fields)}`);
  },
});
say(`held ${spool.size}`);
for (let round = 1; ; round += 1) {
  await spool.add(readings(epoch, 3 * round - 2, 3 * round, round));
  say(`added ${3 * round}`);
  for (const reading of spool.take(1)) {
    say(`released ${reading.epoch} ${reading.seq}`);
    spool.release(reading);
  }
}
