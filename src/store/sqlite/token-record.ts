import { assert } from '../../core/assert.ts';
import type { JoinTokenChange, JoinTokenRecord } from '../../core/machine.ts';
import { isObject, parsedJson } from './json.ts';
import { writeRecord, type PackedRecord } from './keyed-record.ts';
import type { Statements } from './statements.ts';

const numberMembers = [
  'usesMax',
  'uses',
  'createdMs',
  'expiresMs',
] as const satisfies readonly (keyof JoinTokenRecord)[];

/** A change of a join token as it goes to the writer. */
export function packToken({ id, token }: JoinTokenChange): PackedRecord {
  assert(token === undefined || token.id === id, 'a join token is kept under its own id');
  return [id, token && JSON.stringify(token)];
}

/** Keeps or forgets the token, within the caller's transaction. */
export function writeToken(
  token: PackedRecord,
  { setToken, removeToken }: Pick<Statements, 'setToken' | 'removeToken'>,
): void {
  writeRecord(token, { set: setToken, remove: removeToken });
}

/** The join token in the JSON of its row, with members that this version does not know; undefined where it is none. */
export function parseToken(record: string): JoinTokenRecord | undefined {
  const value = parsedJson(record);
  return isToken(value) ? value : undefined;
}

function isToken(value: unknown): value is JoinTokenRecord {
  return (
    isObject(value) &&
    typeof value['id'] === 'string' &&
    typeof value['hash'] === 'string' &&
    numberMembers.every((member) => typeof value[member] === 'number') &&
    typeof value['revoked'] === 'boolean'
  );
}
