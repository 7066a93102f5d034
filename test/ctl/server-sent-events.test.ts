import { array, assert, constantFrom, nat, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import type { ServerSentEvent } from '../../src/app/ctl/server-sent-events.ts';
import { EventStreamReader } from '../../src/app/ctl/server-sent-events.ts';

function readAll(...pieces: readonly string[]): readonly ServerSentEvent[] {
  const reader = new EventStreamReader();
  return pieces.flatMap((piece) => reader.read(piece));
}

test('events have their name and data; comments, id and retry are none', () => {
  const text =
    '\uFEFFretry: 3000\n\n: still here\n\nid: 1\nevent: reading\ndata: {"a":1}\n\ndata:x\ndata: y\n\nevent: alone\n\ndata\n\n';
  expect(readAll(text)).toEqual([
    { name: 'reading', data: '{"a":1}' },
    { name: 'message', data: 'x\ny' },
    { name: 'message', data: '' },
  ]);
});

test('an event that has not ended is not there yet', () => {
  expect(readAll('event: reading\ndata: {}\n')).toEqual([]);
});

test('a stream without an end of an event is refused before it fills the memory', () => {
  const reader = new EventStreamReader();
  expect(() => {
    for (let piece = 0; piece < 200; piece += 1) reader.read(`data: ${'x'.repeat(10_000)}\n`);
  }).toThrow('an event without an end');
});

test('whatever the line ends and wherever it is cut, the same events come back', () => {
  const field = string({ unit: 'grapheme-ascii', maxLength: 8 });
  assert(
    property(
      array(field, { minLength: 1, maxLength: 6 }),
      constantFrom('\n', '\r\n', '\r'),
      array(nat(200)),
      (data, end, cuts) => {
        const text = data.map((one) => `event: reading${end}data: ${one}${end}${end}`).join('') + `: end${end}`;
        const places = [0, ...cuts.filter((cut) => cut < text.length).toSorted((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((place, index) => text.slice(places[index], place));
        expect(readAll(...pieces)).toEqual(data.map((one) => ({ name: 'reading', data: one })));
      },
    ),
  );
});

test('any text is read without a throw', () => {
  assert(
    property(array(string({ unit: 'binary' })), (pieces) => {
      for (const { name, data } of readAll(...pieces)) expect(typeof name + typeof data).toBe('stringstring');
    }),
  );
});
