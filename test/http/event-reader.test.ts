import { expect, test } from 'vitest';
import type { EventSocket } from '../../src/http/event-reader.ts';
import { EventReader } from '../../src/http/event-reader.ts';
import { httpLimits } from '../../src/http/http-limits.ts';

const limits = { ...httpLimits, streamBufferedBytesMax: 10, stalledBeatsMax: 4 };

/** A socket that takes what the test lets it take. */
class FakeSocket implements EventSocket {
  writableLength = 0;
  readonly written: string[] = [];
  end_: 'open' | 'ended' | 'destroyed' = 'open';

  get writableNeedDrain(): boolean {
    return this.writableLength > 0;
  }

  write(chunk: string | Buffer): boolean {
    this.written.push(chunk.toString());
    this.writableLength += chunk.length;
    return false;
  }

  end(): void {
    this.end_ = 'ended';
  }

  destroy(): void {
    this.end_ = 'destroyed';
  }
}

function reader(): { socket: FakeSocket; reader: EventReader } {
  const socket = new FakeSocket();
  return { socket, reader: new EventReader(socket, { unit: undefined, events: undefined }, limits) };
}

test('once it drops, a reader drops until it has drained, so that there is one gap', () => {
  const { socket, reader: slow } = reader();
  slow.readings('0123456789', 3);
  slow.readings('a', 2);
  socket.writableLength = 1;
  slow.readings('b', 5);
  expect(socket.written).toEqual(['0123456789']);
  socket.writableLength = 0;
  expect(slow.drained()).toBe(7);
  expect(slow.drained()).toBe(0);
  slow.readings('c', 1);
  expect(socket.written).toEqual(['0123456789', 'c']);
});

test('events go on to a reader that misses readings, up to twice the bound; then it is cut off', () => {
  const { socket, reader: slow } = reader();
  slow.readings('0123456789', 1);
  slow.event('0123456789');
  expect(socket.end_).toBe('open');
  expect(socket.writableLength).toBe(20);
  slow.event('x');
  expect(socket.end_).toBe('destroyed');
  expect(socket.written).toHaveLength(2);
});

test('a reader that has taken nothing for four heartbeats is cut off', () => {
  const { socket, reader: gone } = reader();
  gone.event('01234');
  for (let beat = 0; beat < 3; beat += 1) gone.beat();
  expect(socket.end_).toBe('open');
  gone.beat();
  expect(socket.end_).toBe('destroyed');
  expect(socket.written).toEqual(['01234']);
});

test('a reader that is slow but takes something between heartbeats is kept', () => {
  const { socket, reader: slow } = reader();
  for (let beat = 0; beat < 50; beat += 1) {
    slow.event('01234');
    socket.writableLength -= 2;
    if (socket.writableLength > 9) socket.writableLength -= 9;
    slow.beat();
  }
  expect(socket.end_).toBe('open');
});
