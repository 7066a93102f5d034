import { assert } from '../../core/assert.ts';
import type { MachineChange, MachineRecord, MachineState } from '../../core/machine.ts';
import { isObject, parsedJson } from './json.ts';
import { writeRecord, type PackedRecord } from './keyed-record.ts';
import type { Statements } from './statements.ts';

const states: ReadonlySet<unknown> = new Set<MachineState>(['pending', 'approved', 'revoked', 'forgotten']);
const textMembers = ['publicKey', 'clientId', 'name', 'peer'] as const satisfies readonly (keyof MachineRecord)[];
const numberMembers = ['firstSeenMs', 'lastSeenMs'] as const satisfies readonly (keyof MachineRecord)[];

/** A change of a machine as it goes to the writer. */
export function packMachine({ publicKey, machine }: MachineChange): PackedRecord {
  assert(machine === undefined || machine.publicKey === publicKey, 'a machine is kept under its own key');
  return [publicKey, machine && JSON.stringify(machine)];
}

/** Keeps or forgets the machine, within the caller's transaction. */
export function writeMachine(
  machine: PackedRecord,
  { setMachine, removeMachine }: Pick<Statements, 'setMachine' | 'removeMachine'>,
): void {
  writeRecord(machine, { set: setMachine, remove: removeMachine });
}

/** The machine in the JSON of its row, with members that this version does not know; undefined where it is none. */
export function parseMachine(record: string): MachineRecord | undefined {
  const value = parsedJson(record);
  return isMachine(value) ? value : undefined;
}

function isMachine(value: unknown): value is MachineRecord {
  return (
    isObject(value) &&
    textMembers.every((member) => typeof value[member] === 'string') &&
    numberMembers.every((member) => typeof value[member] === 'number') &&
    states.has(value['state']) &&
    (value['tokenId'] === undefined || typeof value['tokenId'] === 'string')
  );
}
