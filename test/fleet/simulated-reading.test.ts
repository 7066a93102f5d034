import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameDecoder } from '../../src/framing/decoder.ts';
import { parseReading } from '../../src/session/reading-codec.ts';
import { frameText, readingFrame, simulatedReading } from '../../src/fleet/simulated-reading.ts';

const epoch = '5f2c91e0';
const unit = fc.integer({ min: 0, max: 59_999 });
const seq = fc.integer({ min: 1, max: 10_000_000 });

test('every frame is 110 to 150 bytes and one that the server reads as what was meant', () => {
  fc.assert(
    fc.property(unit, seq, (unit, seq) => {
      const reading = simulatedReading(unit, seq, { epoch, time: 1_795_255_200_123 });
      const bytes = Buffer.from(frameText(readingFrame(reading)));
      expect(bytes.length).toBeGreaterThanOrEqual(110);
      expect(bytes.length).toBeLessThanOrEqual(150);
      const [frame] = new FrameDecoder().push(bytes);
      expect(parseReading(frame?.data ?? '', epoch)).toEqual({ ...reading, source: undefined });
    }),
  );
});

test('a reading is the same each time, and another one has other values', () => {
  const label = { epoch, time: 1 };
  expect(simulatedReading(3, 7, label)).toEqual(simulatedReading(3, 7, label));
  expect(simulatedReading(3, 7, label).values).not.toEqual(simulatedReading(4, 7, label).values);
  expect(simulatedReading(3, 7, label).values).not.toEqual(simulatedReading(3, 10, label).values);
});
