import type { UnitReading } from '../../src/core/reading.ts';
import { simulatedReading } from '../../src/fleet/simulated-reading.ts';

/** What is wrong with a reading of the fleet as it was found in a store: it follows from its unit and number. Readings of others are not judged. */
export function wrongContent({ unit, reading }: UnitReading): string | undefined {
  const number = /^fleet-(\d+)$/.exec(unit)?.[1];
  const { seq, epoch, time, sensor, id, source, values } = reading;
  if (number === undefined || seq === undefined || epoch === undefined) return undefined;
  const expected = simulatedReading(Number(number) - 1, seq, { epoch, time });
  const names = Object.keys(expected.values);
  const same =
    sensor === expected.sensor &&
    id === expected.id &&
    source === undefined &&
    Object.keys(values).length === names.length &&
    names.every((name) => values[name] === expected.values[name]);
  return same ? undefined : `${JSON.stringify(reading)} is stored where ${JSON.stringify(expected)} was sent`;
}
