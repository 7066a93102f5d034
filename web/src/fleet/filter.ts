import type { FleetRow, UnitState } from '../../../src/api/contract.ts';

export const states: readonly UnitState[] = ['online', 'late', 'lost', 'disconnected'];

type Filtered = Pick<FleetRow, 'client_id' | 'name' | 'ip' | 'state' | 'tags'>;
type Test = (row: Filtered) => boolean;

/**
 * What somebody has typed: words that must all match. `name=value` is a tag (`site=` any value of it), `state:lost` a state, and anything else a part of name, address or id. A word in
 * double quotes may hold blanks. Upper and lower case are one.
 */
export function filterOf(text: string): Test {
  const tests = wordsOf(text).map(testOf);
  return (row) => tests.every((test) => test(row));
}

/** The words of a filter, without their quotes, in lower case. */
export function wordsOf(text: string): readonly string[] {
  const found = text.toLowerCase().match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];
  return found.map((word) => word.replaceAll('"', '')).filter((word) => word !== '');
}

/** The same filter with another state, or without one. */
export function withState(text: string, state: UnitState | undefined): string {
  const others = (text.match(/(?:"[^"]*"?|[^\s"])+/g) ?? []).filter((word) => !/^state:/i.test(word));
  return [...others, ...(state === undefined ? [] : [`state:${state}`])].join(' ');
}

/** The one state that a filter asks for. */
export function stateIn(text: string): UnitState | undefined {
  const words = wordsOf(text);
  return states.find((state) => words.includes(`state:${state}`));
}

/** The word that finds a tag. */
export function tagWord(name: string, value: string): string {
  const word = `${name}=${value}`;
  return /\s/.test(word) ? `"${word}"` : word;
}

function testOf(word: string): Test {
  if (word.startsWith('state:')) {
    const wanted = word.slice('state:'.length);
    return ({ state }) => state.startsWith(wanted);
  }
  const equals = word.indexOf('=');
  if (equals > 0) {
    const name = word.slice(0, equals);
    const value = word.slice(equals + 1);
    return ({ tags }) =>
      Object.entries(tags).some(
        ([found, held]) => found.toLowerCase() === name && (value === '' || held.toLowerCase() === value),
      );
  }
  return ({ name, ip, client_id: id }) =>
    name.toLowerCase().includes(word) || ip.toLowerCase().includes(word) || id.toLowerCase().includes(word);
}
