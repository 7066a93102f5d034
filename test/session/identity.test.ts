import { describe, expect, test } from 'vitest';
import { freeName, identify, type KnownUnit } from '../../src/session/identity.ts';

const units: readonly KnownUnit[] = [
  { clientId: 'first', askedName: 'bench', address: '192.0.2.7', lastSeenMs: 100 },
  { clientId: 'second', askedName: 'bench', address: '192.0.2.8', lastSeenMs: 300 },
  { clientId: 'third', askedName: 'bench', address: '192.0.2.7', lastSeenMs: 200 },
  { clientId: 'other', askedName: 'rack', address: '192.0.2.7', lastSeenMs: 400 },
];
const directory = {
  byId: (clientId: string) => units.find((unit) => unit.clientId === clientId),
  byAskedName: (name: string) => units.filter((unit) => unit.askedName === name),
};

function who(id: string | undefined, name: string, address: string): string | undefined {
  return identify({ id, name, address }, directory)?.clientId;
}

describe('a unit that registers', () => {
  test('is the one of its id, whatever its name and address are now', () => {
    expect(who('other', 'bench', '192.0.2.7')).toBe('other');
    expect(who('first', 'renamed', '203.0.113.9')).toBe('first');
  });

  test('without id is the one of that name from that address that was seen last', () => {
    expect(who(undefined, 'bench', '192.0.2.7')).toBe('third');
    expect(who(undefined, 'bench', '192.0.2.8')).toBe('second');
  });

  test('with an unknown id is taken for one without', () => {
    expect(who('unknown', 'bench', '192.0.2.7')).toBe('third');
  });

  test('of another name, or from another address, is new', () => {
    expect(who(undefined, 'bench', '203.0.113.9')).toBeUndefined();
    expect(who('unknown', 'bench-2', '192.0.2.7')).toBeUndefined();
  });
});

describe('a name', () => {
  test('that is free is given, and else the first of name-2, name-3 that is', () => {
    const names = new Set(['bench', 'bench-2', 'bench-4']);
    expect(freeName('rack', (name) => names.has(name))).toBe('rack');
    expect(freeName('bench', (name) => names.has(name))).toBe('bench-3');
    expect(freeName('bench-4', (name) => names.has(name))).toBe('bench-4-2');
  });
});
