import type { SQLOutputValue } from 'node:sqlite';
import type { IntervalRecord, UnitRecord } from '../../core/unit.ts';
import { checksum } from './block.ts';
import { Damage } from './faults.ts';
import { isObject, parsedJson } from './json.ts';
import { integerIn, textIn } from './row.ts';

/** The record in the row of a unit. Throws where the row is damaged. */
export function recordIn(row: Record<string, SQLOutputValue>): string {
  const record = textIn(row, 'record');
  if (checksum(record) !== integerIn(row, 'checksum'))
    throw new Damage(`the record of unit ${textIn(row, 'client_id')}`);
  return record;
}

/** The unit in the JSON of its row, with members that this version does not know; undefined where it is none. */
export function parseUnit(record: string): UnitRecord | undefined {
  const value = parsedJson(record);
  return isUnit(value) ? value : undefined;
}

const textMembers = ['clientId', 'name', 'askedName', 'ip', 'peer'] as const satisfies readonly (keyof UnitRecord)[];
const numberMembers = ['v', 'port', 'registeredMs', 'lastSeenMs'] as const satisfies readonly (keyof UnitRecord)[];
const intervalNumbers = [
  'confirmedSeconds',
  'wantedSeconds',
  'rev',
  'confirmedRev',
] as const satisfies readonly (keyof IntervalRecord)[];

function isUnit(value: unknown): value is UnitRecord {
  if (!isObject(value)) return false;
  const interval = value['interval'];
  return (
    textMembers.every((member) => typeof value[member] === 'string') &&
    numberMembers.every((member) => typeof value[member] === 'number') &&
    typeof value['left'] === 'boolean' &&
    (value['clockOffsetMs'] === undefined || typeof value['clockOffsetMs'] === 'number') &&
    (value['tags'] === undefined || isTags(value['tags'])) &&
    (value['series'] === undefined || isSeries(value['series'])) &&
    isObject(interval) &&
    intervalNumbers.every((member) => typeof interval[member] === 'number') &&
    typeof interval['assumed'] === 'boolean' &&
    typeof interval['tcpOnly'] === 'boolean'
  );
}

function isTags(value: unknown): value is UnitRecord['tags'] {
  return isObject(value) && !Array.isArray(value) && Object.values(value).every((tag) => typeof tag === 'string');
}

function isSeries(value: unknown): value is UnitRecord['series'] {
  return (
    Array.isArray(value) &&
    value.every(
      (one: unknown) =>
        Array.isArray(one) &&
        typeof one[0] === 'string' &&
        (one[1] === null || typeof one[1] === 'string') &&
        typeof one[2] === 'number',
    )
  );
}
