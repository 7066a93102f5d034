import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { EventStreamReader, type ServerSentEvent } from '../../../src/app/ctl/server-sent-events.ts';
import { CodedError } from '../../../src/core/coded-error.ts';
import { Random } from '../../sim/random.ts';
import { must, textOf, type Target } from '../target.ts';

const pieces = [
  'data: ',
  'data',
  'event: reading',
  'event:',
  ':',
  'id: 1',
  'retry: 3000',
  '\n',
  '\r\n',
  '\r',
  '\n\n',
  ' ',
  '{"a":1}',
  '\uFEFF',
];

/** A stream of events gives the same ones however it is cut, and those that the plainest reader finds. One without end is refused. */
export const eventStream: Target = {
  seeds: [
    'retry: 3000\n\nevent: reading\ndata: {"a":1}\n\ndata:x\ndata: y\n\nevent: alone\n\ndata\n\n',
    '\uFEFFdata: a\r\ndata: b\r\n\r\ndata: c\r\rdata: d\n\n',
  ],
  words: pieces,
  generated: fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 4 })))
    .map((texts) => texts.join('')),
  run(input) {
    const text = textOf(input);
    const events = readPlainly(text);
    const random = new Random(crc32(input));
    for (const longest of [Number.POSITIVE_INFINITY, 1, 3, 40])
      assert.deepEqual(readCut(text, longest, random), events);
    if (crc32(input) % 4_096 === 0) seeEndless(text);
    return `${Math.min(events.length, 4)} ${events
      .map(({ name, data }) => `${name.length > 0} ${Math.min(data.length, 2)}`)
      .slice(0, 3)
      .join()}`;
  },
};

function readCut(text: string, longest: number, random: Random): readonly ServerSentEvent[] {
  const reader = new EventStreamReader();
  const events: ServerSentEvent[] = [];
  for (let at = 0; at < text.length;) {
    const length = longest === Number.POSITIVE_INFINITY ? text.length : random.integer(1, longest);
    events.push(...reader.read(text.slice(at, at + length)));
    at += length;
  }
  return events;
}

/** By the rules of the HTML standard, section 9.2.6, of a text that is all there. */
function readPlainly(whole: string): readonly ServerSentEvent[] {
  const text = whole.replace(/^\uFEFF/, '');
  // A CR at the very end may be half of a CR and LF.
  const lines = text
    .replace(/\r$/, '')
    .split(/\r\n|\r|\n/)
    .slice(0, -1);
  const events: ServerSentEvent[] = [];
  let name = '';
  let data: string[] = [];
  for (const line of lines) {
    if (line === '') {
      if (data.length > 0) events.push({ name: name === '' ? 'message' : name, data: data.join('\n') });
      name = '';
      data = [];
      continue;
    }
    const [, field, value] = /^([^:]*)(?:: ?([^]*))?$/.exec(line) ?? [];
    if (field === 'event') name = value ?? '';
    if (field === 'data') data.push(value ?? '');
  }
  return events;
}

/** A server that never ends an event is told from ours before it fills the memory. */
function seeEndless(text: string): void {
  const line = `data: ${text.replaceAll(/[\r\n]/g, '')}${'x'.repeat(10_000)}\n`;
  const reader = new EventStreamReader();
  let refused: unknown;
  for (let count = 0; count < 1_100_000 / 10_000 && refused === undefined; count += 1) {
    try {
      reader.read(line);
    } catch (error) {
      refused = error;
    }
  }
  must(refused instanceof CodedError && refused.code === 'api-not-telemetry', 'an event without end is refused');
}
