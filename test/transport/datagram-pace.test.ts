import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { framed } from '../../src/framing/frame.ts';
import { DatagramPace } from '../../src/transport/datagram-pace.ts';
import { DatagramSender } from '../../src/transport/udp.ts';
import { createManualClock } from '../manual-clock.ts';

function setUp(perSecond: number) {
  const clock = createManualClock();
  const told: string[] = [];
  const rate = { perSecond };
  const timers = new Set<object>();
  const after: typeof clock.after = (delayMs, task) => {
    const timer = {};
    timers.add(timer);
    const cancel = clock.after(delayMs, task);
    return () => void (timers.delete(timer) && cancel());
  };
  const pace = new DatagramPace({
    perSecondMax: () => rate.perSecond,
    clock: { ...clock, after },
    report: (level, event, fields) => void told.push(`${level} ${event} ${JSON.stringify(fields)}`),
  });
  const admitted = (count: number): number => Array.from({ length: count }, () => pace.admits()).filter(Boolean).length;
  return { clock, told, rate, pace, admitted, timers };
}

test('a second’s worth at once is let through, and not one more', () => {
  const { admitted } = setUp(3);
  expect(admitted(3)).toBe(3);
  expect(admitted(1)).toBe(0);
});

test('in the long run so many a second are let through', () => {
  const { clock, admitted } = setUp(10);
  let through = 0;
  for (let turn = 0; turn < 100; turn += 1) {
    through += admitted(50);
    clock.advance(100);
  }
  expect(through).toBe(10 + 99);
});

test('what was dropped is said a second later, once for all', () => {
  const { clock, told, admitted } = setUp(2);
  admitted(5);
  clock.advance(999);
  admitted(4);
  expect(told).toEqual([]);
  clock.advance(1);
  expect(told).toEqual(['warn datagrams-dropped {"count":6}']);
  clock.advance(10_000);
  expect(told).toHaveLength(1);
  admitted(3);
  clock.advance(1_000);
  expect(told.slice(1)).toEqual(['warn datagrams-dropped {"count":1}']);
});

test('closing says the rest, and leaves no timer', () => {
  const { told, admitted, pace, timers } = setUp(1);
  admitted(3);
  pace.close();
  expect(timers.size).toBe(0);
  expect(told).toEqual(['warn datagrams-dropped {"count":2}']);
});

test('a rate that changes holds for the next one', () => {
  const { rate, admitted } = setUp(1);
  expect(admitted(2)).toBe(1);
  rate.perSecond = 5;
  expect(admitted(6)).toBe(5);
});

test('a sender sends what its pace lets through, and says nothing of the rest', async () => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const heard: string[] = [];
  const last = new Promise<void>((resolve) => {
    socket.on('message', (bytes) => {
      heard.push(bytes.toString().slice(21));
      if (heard.length === 3) resolve();
    });
  });
  const { pace, clock, told } = setUp(2);
  const sender = new DatagramSender(pace);
  const to = { from: '127.0.0.1', to: '127.0.0.1', port: socket.address().port };
  for (const data of ['1', '2', '3', '4']) await sender.send(framed('!UPDT', data), to);
  clock.advance(1_000);
  await sender.send(framed('!UPDT', '5'), to);
  await last;
  expect(heard).toEqual(['1', '2', '5']);
  expect(told).toEqual(['warn datagrams-dropped {"count":2}']);
  await sender.send(framed('!UPDT', '6'), to);
  await sender.send(framed('!UPDT', '7'), to);
  await sender.close();
  expect(told.slice(1)).toEqual(['warn datagrams-dropped {"count":1}']);
  socket.close();
});
