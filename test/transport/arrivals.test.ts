import { expect, test } from 'vitest';
import { Arrivals } from '../../src/transport/arrivals.ts';
import type { LinkEvents } from '../../src/transport/link.ts';

function recorder(name: string, seen: string[]): LinkEvents {
  const record = (what: string): void => void seen.push(`${name} ${what}`);
  return {
    data: (bytes) => {
      record(String(bytes[0]));
    },
    drained: () => {
      record('drained');
    },
    ended: () => {
      record('ended');
    },
    closed: () => {
      record('closed');
    },
  };
}

test('what arrives in one turn is handed on once it is over, in its order', async () => {
  const seen: string[] = [];
  const arrivals = new Arrivals();
  const [a, b] = [recorder('a', seen), recorder('b', seen)];
  arrivals.add(a, Uint8Array.of(1));
  arrivals.add(b, Uint8Array.of(2));
  arrivals.add(a, Uint8Array.of(3));
  expect(seen).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual(['a 1', 'b 2', 'a 3']);
});

test('what is handed on early is not handed on again', async () => {
  const seen: string[] = [];
  const arrivals = new Arrivals();
  const a = recorder('a', seen);
  arrivals.add(a, Uint8Array.of(1));
  arrivals.handOn();
  arrivals.add(a, Uint8Array.of(2));
  await new Promise((resolve) => setImmediate(resolve));
  arrivals.handOn();
  expect(seen).toEqual(['a 1', 'a 2']);
});

test('many chunks do not wait for the turn to end', () => {
  const seen: string[] = [];
  const arrivals = new Arrivals();
  const a = recorder('a', seen);
  for (let chunk = 0; chunk < 130; chunk += 1) arrivals.add(a, Uint8Array.of(chunk));
  expect(seen).toHaveLength(128);
});
