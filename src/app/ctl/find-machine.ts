import { CodedError } from '../../core/coded-error.ts';
import type { Machine } from './api-answers.ts';
import type { ApiClient } from './api-client.ts';
import { shown } from './figures.ts';
import { closeNames } from './find-unit.ts';

/** A shorter beginning of a key could be somebody's name. */
const keyCharactersMin = 6;
const keyCharactersShown = 8;
/** Before the beginning of a key; a command line takes what begins with a hyphen for a flag. */
const keyMark = /^key:/;
/** Machines that an error lists. */
const listedMax = 10;

/**
 * The machine with that `client_id` or, of all others, that name or that beginning of its key. Throws CodedError `no-such-machine`, and `machine-ambiguous`
 * where several match: the operator has to say which of two that claim one name is the right one.
 */
export async function findMachine(api: ApiClient, name: string): Promise<Machine> {
  const { body } = await api.get('api/v1/machines', ({ machines }) => machines);
  // The server gives out a client_id, a machine chooses its name: no machine can take the place of another by its name.
  const byId = body.find((one) => one.client_id === name);
  if (byId !== undefined) return byId;
  const matching = body.filter((one) => one.name === name || hasKey(one, name));
  const [only] = matching;
  if (only === undefined) throw noSuchMachine(name, body);
  if (matching.length > 1) throw ambiguous(name, matching);
  return only;
}

/** As much of a key as people compare. */
export function shortKey({ key }: Machine): string {
  return shown(key.slice(0, keyCharactersShown));
}

function hasKey({ key }: Machine, name: string): boolean {
  const beginning = name.replace(keyMark, '');
  return beginning.length >= keyCharactersMin && key.startsWith(beginning);
}

function noSuchMachine(name: string, machines: readonly Machine[]): CodedError {
  const close = closeNames(
    name,
    machines.map((one) => one.name),
  );
  const meant =
    close.length > 0
      ? `did you mean ${close.map((one) => shown(one)).join(' or ')}?`
      : 'telemetryctl machines lists those that have come with a key.';
  return new CodedError(
    'no-such-machine',
    `There is no machine with the name, client_id or beginning of a key ${JSON.stringify(name)}; ${meant}`,
  );
}

function ambiguous(name: string, matching: readonly Machine[]): CodedError {
  const lines = matching
    .slice(0, listedMax)
    .map(
      (one) =>
        `\n  ${one.key.startsWith('-') ? 'key:' : ''}${shortKey(one)}  ${shown(one.name)}, ${shown(one.state)}, from ${shown(one.peer)}`,
    );
  const more = matching.length > listedMax ? `\n  and ${matching.length - listedMax} more` : '';
  return new CodedError(
    'machine-ambiguous',
    `${matching.length} machines match ${JSON.stringify(name)}; say which by the beginning of its key:${lines.join('')}${more}\n`,
  );
}
