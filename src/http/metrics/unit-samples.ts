import type { UnitState, UnitView } from '../../core/unit.ts';
import type { Exposition } from './exposition.ts';
import { ageMs, isFresh } from '../../core/freshness.ts';
import { usedRatio } from '../../core/used-ratio.ts';
import { shownAgeSeconds } from './shown-age.ts';
import { labelText } from './label-text.ts';
import { eachValue, readingsOf, valueOf, type SeriesReading } from './series-readings.ts';
import { sensorFamily, usedRatios } from './sensor-families.ts';
import { tagLabels } from './tag-labels.ts';
import { unitFamilies as families } from './unit-families.ts';
import { unitLabel } from './unit-label.ts';

export const unitStates: readonly UnitState[] = ['online', 'late', 'lost', 'disconnected'];

/** Writes all that is told of a unit, a series at a time: between two of them the caller may let the loop turn. `nowMs` is the server's wall clock. */
export function* writeUnit(exposition: Exposition, unit: UnitView, nowMs: number): Generator<undefined> {
  const name = labelText([['unit', unitLabel(unit)]]);
  writeState(exposition, unit, name);
  yield;
  for (const reading of readingsOf(unit)) {
    writeReading(exposition, reading, { unit, name, nowMs });
    yield;
  }
}

function writeState(exposition: Exposition, unit: UnitView, name: string): void {
  const { client_id: clientId, ip, v, tags, state, interval, clock_offset_ms: offsetMs } = unit;
  const info = labelText([['client_id', clientId], ['ip', ip], ['version', String(v)], ...tagLabels(tags)]);
  exposition.add(families.info, `${name},${info}`, 1);
  for (const one of unitStates) exposition.add(families.state, `${name},state="${one}"`, one === state ? 1 : 0);
  exposition.add(families.lastSeen, name, Date.parse(unit.last_seen) / 1000);
  if (offsetMs !== null) exposition.add(families.clockOffset, name, offsetMs / 1000);
  exposition.add(families.interval, `${name},kind="confirmed"`, interval.confirmed);
  exposition.add(families.interval, `${name},kind="wanted"`, interval.wanted);
}

interface Place {
  readonly unit: UnitView;
  readonly name: string;
  readonly nowMs: number;
}

function writeReading(exposition: Exposition, reading: SeriesReading, { unit, name, nowMs }: Place): void {
  const { sensor, id, time, view } = reading;
  const age = ageMs(unit, time, nowMs);
  const idText = id === '' ? '' : `,${labelText([['id', id]])}`;
  exposition.add(families.age, `${name},sensor="${sensor}"${idText}`, shownAgeSeconds(age));
  if (!isFresh(unit, age)) return;
  const labels = `${name}${idText}`;
  eachValue(view, (value, number) => {
    const found = sensorFamily(sensor, value);
    if (found === undefined) return;
    exposition.add(found.family, found.isGeneric ? `${labels},sensor="${sensor}"` : labels, number);
  });
  if (sensor !== 'ram' && sensor !== 'disk') return;
  const ratio = usedRatio({ value: (name) => valueOf(view, name) });
  if (ratio !== undefined) exposition.add(usedRatios[sensor], labels, ratio);
}
