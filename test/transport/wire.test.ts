import { expect, test } from 'vitest';
import { encodeFrame } from '../../src/framing/encoder.ts';
import { framed } from '../../src/framing/frame.ts';
import type { WireInput } from '../../src/session/server-contract.ts';
import { Wire } from '../../src/transport/wire.ts';
import { PlayedLink } from './played-link.ts';

/** A connection, and what it hands on. */
function connect(): { readonly link: PlayedLink; readonly seen: readonly string[] } {
  const link = new PlayedLink();
  const seen: string[] = [];
  const input = (one: WireInput): void => void seen.push(one.type === 'frame' ? one.frame.data : one.type);
  void new Wire(link, { input });
  return { link, seen };
}

test('what several connections send stays apart, be it cut, whole or wrong', () => {
  const [a, b, c] = [connect(), connect(), connect()];
  const [first, second] = [encodeFrame(framed('!INFO', 'first')), encodeFrame(framed('!INFO', 'second'))];
  a.link.events?.data(first.subarray(0, 4));
  b.link.events?.data(second.subarray(0, 10));
  c.link.events?.data(new TextEncoder().encode('?'));
  b.link.events?.data(second.subarray(10));
  c.link.events?.data(first);
  a.link.events?.data(first.subarray(4));
  b.link.events?.data(first);
  a.link.events?.data(second);
  expect([a.seen, b.seen, c.seen]).toEqual([
    ['frame-begun', 'first', 'second'],
    ['frame-begun', 'second', 'first'],
    ['bad-frame'],
  ]);
});
