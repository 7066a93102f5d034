import { limits } from '../core/limits.ts';
import type { LabelledReading } from '../core/reading.ts';
import { framed, type Frame } from '../framing/frame.ts';
import { readingData } from '../session/reading-codec.ts';

/**
 * Reading `seq` of `unit`: temperature, disk and memory in turn, with values that follow from unit and number, so that it is the same whenever it is sent
 * again, and whoever finds it in the store can tell whether it is right.
 */
export function simulatedReading(
  unit: number,
  seq: number,
  label: { readonly epoch: string; readonly time: number },
): LabelledReading {
  const step = (unit * 31 + seq) % 1_000;
  switch (seq % 3) {
    case 0:
      return { ...label, seq, sensor: 'cpu_temp', id: 'coretemp/Package id 0', values: { celsius: 30 + step / 16 } };
    case 1:
      return {
        ...label,
        seq,
        sensor: 'disk',
        id: '/',
        values: { used: 51_234_567_168 + step * 4_096, total: 250_059_350_016 },
      };
    default: {
      const used = 6_123_455_488 + step * 4_096;
      return { ...label, seq, sensor: 'ram', values: { used, available: total - used, total } };
    }
  }
}

const total = 16_180_244_480;

/** The frame of that reading, 110 to 150 bytes with its header. */
export function readingFrame(reading: LabelledReading): Frame {
  return framed('!INFO', readingData(reading, reading.epoch));
}

/** A frame as text; all that the fleet sends is ASCII, so a character is a byte. */
export function frameText({ command, data }: Frame): string {
  const body = command + data;
  return String(body.length).padEnd(limits.headerBytes) + body;
}
