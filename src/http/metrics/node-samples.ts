import type { UnitView } from '../../core/unit.ts';
import type { Exposition } from './exposition.ts';
import { ageMs, isFresh } from '../../core/freshness.ts';
import { labelText } from './label-text.ts';
import type { MetricFamily } from './metric-family.ts';
import { nodeFamilies as families } from './node-families.ts';
import { readingsOf, valueOf, type SeriesReading } from './series-readings.ts';
import { unitLabel } from './unit-label.ts';

/** Writes what a unit measures under the names of node_exporter, a series at a time, with the unit as the `instance`. Only what is fresh, and nothing that is only like what a name means. */
export function* writeNode(exposition: Exposition, unit: UnitView, nowMs: number): Generator<undefined> {
  const name = unitLabel(unit);
  const instance = labelText([['instance', name]]);
  exposition.add(
    families.uname,
    labelText([
      ['instance', name],
      ['nodename', name],
    ]),
    1,
  );
  yield;
  const inputs = new Map<string, SeriesReading>();
  for (const reading of readingsOf(unit)) {
    if (!isFresh(unit, ageMs(unit, reading.time, nowMs))) continue;
    // For a moment after another input was chosen as the CPU's, one input has readings of two sensors: the newer counts.
    if (reading.sensor === 'cpu_temp' || reading.sensor === 'temp') {
      if ((inputs.get(reading.id)?.time ?? Number.NEGATIVE_INFINITY) < reading.time) inputs.set(reading.id, reading);
    } else writeReading(exposition, reading, instance);
    yield;
  }
  const chips = new Set<string>();
  for (const [id, { view }] of inputs) {
    writeInput(exposition, { id, celsius: valueOf(view, 'celsius'), instance, chips });
    yield;
  }
}

interface Input {
  readonly id: string;
  readonly celsius: number | undefined;
  readonly instance: string;
  /** Those that were written. */
  readonly chips: Set<string>;
}

/** `id` is `chip/input`, where the input has a label or is `tempN`, and `chip@device/input` where a chip of that name is there twice (docs/sensors.md). */
function writeInput(exposition: Exposition, { id, celsius, instance, chips }: Input): void {
  const slash = id.indexOf('/');
  // A thermal zone, or a thermometer of version 1: there is no chip to name.
  if (slash <= 0 || celsius === undefined) return;
  const [chip, input] = [id.slice(0, slash), id.slice(slash + 1)];
  const [driver = chip] = chip.split('@');
  const chipLabel = labelText([['chip', chip]]);
  const labels = `${instance},${chipLabel},${labelText([['sensor', input]])}`;
  exposition.add(families.temperature, labels, celsius);
  exposition.add(families.sensorLabel, `${labels},${labelText([['label', input]])}`, 1);
  if (chips.has(chip)) return;
  chips.add(chip);
  exposition.add(families.chipName, `${instance},${chipLabel},${labelText([['chip_name', driver]])}`, 1);
}

function writeReading(exposition: Exposition, { sensor, id, view }: SeriesReading, instance: string): void {
  const write = (family: MetricFamily, labels: string, value: number | undefined): void => {
    if (value !== undefined) exposition.add(family, labels, value);
  };
  if (sensor === 'ram' && id === '') {
    write(families.memTotal, instance, valueOf(view, 'total'));
    write(families.memAvailable, instance, valueOf(view, 'available'));
    write(families.swapTotal, instance, valueOf(view, 'swap_total'));
    write(families.swapFree, instance, rest(valueOf(view, 'swap_total'), valueOf(view, 'swap_used')));
  } else if (sensor === 'disk' && id !== '') {
    const labels = `${instance},${labelText([['mountpoint', id]])}`;
    write(families.size, labels, valueOf(view, 'total'));
    write(families.available, labels, valueOf(view, 'available'));
    write(families.free, labels, rest(valueOf(view, 'total'), valueOf(view, 'used')));
  } else if (sensor === 'cpu' && id === '') {
    write(families.load1, instance, valueOf(view, 'load1'));
    write(families.load5, instance, valueOf(view, 'load5'));
    write(families.load15, instance, valueOf(view, 'load15'));
  }
}

function rest(whole: number | undefined, used: number | undefined): number | undefined {
  return whole === undefined || used === undefined ? undefined : whole - used;
}
