import type { Companions } from './companions.ts';
import type { EventBook } from './event-book.ts';
import type { JoinTokenBook } from './join-tokens.ts';
import type { KnownMachines } from './known-machines.ts';

/**
 * Machines and join tokens go with whatever is committed next, so that a unit, its binding and the use of a token are stored together or not at all; what happened to units goes along.
 */
export function keptAlongside(
  { records: machines }: Pick<KnownMachines, 'records'>,
  { records: tokens }: Pick<JoinTokenBook, 'records'>,
  book: Pick<EventBook, 'changes' | 'stored' | 'failed'>,
): Companions {
  return {
    changes: () => {
      const events = book.changes();
      return {
        machines: machines.changes().map(({ key: publicKey, record: machine }) => ({ publicKey, machine })),
        tokens: tokens.changes().map(({ key: id, record: token }) => ({ id, token })),
        ...(events.length > 0 && { events }),
      };
    },
    stored: ({ machines: someMachines = [], tokens: someTokens = [] }) => {
      machines.stored(someMachines.map(({ publicKey: key, machine: record }) => ({ key, record })));
      tokens.stored(someTokens.map(({ id: key, token: record }) => ({ key, record })));
      book.stored();
    },
    failed: () => {
      book.failed();
      machines.failed();
      tokens.failed();
    },
  };
}
