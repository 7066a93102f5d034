/**
 * A program that logs to its real standard output far more than a reader takes, for log-process.test.ts. It does what it
 * is told over the channel to its parent, and answers there.
 */
import { openLogOutputs } from '../../src/sinks/log-outputs.ts';
import { createPlainLog } from '../../src/sinks/plain-log.ts';
import { createReadingLog } from '../../src/sinks/reading-log.ts';
import { systemClock } from '../../src/transport/system-clock.ts';

const complaints: string[] = [];
const outputs = await openLogOutputs({
  stdout: process.stdout,
  format: undefined,
  colour: false,
  file: undefined,
  fileBytesMax: 1,
  filesMax: 1,
  clock: systemClock,
  complain: (text) => void complaints.push(text),
});
const log = createPlainLog({ level: 'info', outputs: outputs.events, clock: systemClock });
const readingLog = createReadingLog({ level: () => 'info', output: outputs.readings, clock: systemClock });
let seq = 0;

function writeBatches(count: number): void {
  for (let batch = 0; batch < count; batch += 1) {
    const readings = Array.from({ length: 100 }, () => ({
      clientId: 'Yw1l0Ck3aT8mQ2vN5xR7sA',
      unit: 'bench-03',
      reading: { sensor: 'cpu_temp', time: 1, epoch: '5f2c91e0', seq: (seq += 1), values: { celsius: 50 } },
    }));
    readingLog.write({ timeMs: systemClock.wallMs(), readings });
    readingLog.flush();
  }
}

process.on('message', (order: { readonly batches: number } | { readonly end: true }) => {
  if ('end' in order) {
    void outputs.close(10_000).then(() => process.disconnect());
    return;
  }
  writeBatches(order.batches);
  log('info', 'registered', { seq });
  // What the stream has to say of the write comes on a later turn of the loop.
  setImmediate(() => process.send?.({ held: process.stdout.writableLength, complaints }));
});
