import { describe, expect, test } from 'vitest';
import { framed } from '../../src/framing/frame.ts';
import type { Challenge, Proof } from '../../src/session/proof.ts';
import { ClientBench, connected, reading, succ, success } from './client-bench.ts';

const nonce = 'n'.repeat(43);
const proof: Proof = { publicKey: 'A'.repeat(43), signature: 'A'.repeat(86), token: 't'.repeat(32) };
const auth = framed('!AUTH', nonce);

/** A client with a key, and what it was asked to sign. */
function keyed(): { readonly bench: ClientBench; readonly asked: Challenge[] } {
  const asked: Challenge[] = [];
  const prove = (challenge: Challenge): Proof => {
    asked.push(challenge);
    return proof;
  };
  return { bench: new ClientBench({ prove }), asked };
}

describe('a client with a key', () => {
  test('says so, signs what it is asked, and is registered by !SUCC', () => {
    const { bench, asked } = keyed();
    const [sent = ''] = bench.register();
    expect(sent).toContain('"key":true}');
    expect(bench.frames(auth)).toEqual([`send !AUTH${proof.publicKey} ${proof.signature} ${proof.token}`]);
    expect(asked).toEqual([{ nonce, registration: sent.slice('send !RGTR'.length), binding: connected.binding }]);
    expect(bench.session.room).toBe(0);
    expect(bench.offer(reading(1))).toEqual([]);
    expect(bench.frames(succ(success[2]))).toEqual([`registered v2 ${success[2].client_id}`]);
  });

  test('is registered without being asked, too', () => {
    const { bench, asked } = keyed();
    bench.register();
    expect(bench.frames(succ(success[2]))).toEqual([`registered v2 ${success[2].client_id}`]);
    expect(asked).toEqual([]);
  });

  test('signs once on a connection', () => {
    const { bench, asked } = keyed();
    bench.register();
    bench.frames(auth);
    expect(bench.frames(auth)[0]).toBe('close: the server asks for the key in a way that has no sense');
    expect(asked).toHaveLength(1);
  });

  test.each(['', 'x', `${nonce}=`, `${nonce} ${nonce}`])('signs no nonce of another form (%j)', (data) => {
    const { bench, asked } = keyed();
    bench.register();
    expect(bench.frames(framed('!AUTH', data))[0]).toBe(
      'close: the server asks for the key in a way that has no sense',
    );
    expect(asked).toEqual([]);
  });

  test('signs nothing once it is registered', () => {
    const { bench, asked } = keyed();
    bench.register();
    bench.frames(succ(success[2]));
    bench.frames(auth);
    expect(asked).toEqual([]);
  });

  test('waits 15 s for what comes of its proof', () => {
    const { bench } = keyed();
    bench.register();
    bench.pass(14_000);
    bench.frames(auth);
    expect(bench.pass(15_000)[0]).toBe('15000 close: no answer to !RGTR within 15 s');
  });

  test('that has to wait for approval comes back after a minute, and signs again', () => {
    const { bench, asked } = keyed();
    bench.register();
    bench.frames(auth);
    expect(bench.frames(framed('!FAIL', 'pending it waits'))).toContain('lost for 60000 ms: pending: it waits');
    expect(bench.pass(60_000)).toEqual(['60000 connect']);
    bench.input({ type: 'connected', connected: { ...connected, binding: 'another' } });
    bench.frames(auth);
    expect(asked.map(({ binding }) => binding)).toEqual(['-', 'another']);
  });

  test('that is refused tries again, and backs off', () => {
    const { bench } = keyed();
    bench.register();
    bench.frames(auth);
    expect(bench.frames(framed('!FAIL', 'not-allowed no'))).toContain('lost for 250 ms: not-allowed: no');
  });

  test('that is told to stop while it is asked leaves as soon as it is registered, and stops where it is refused', () => {
    for (const [answer, last] of [
      [succ(success[2]), 'send !DISC'],
      [framed('!FAIL', 'pending x'), 'stopped unconfirmed'],
    ] as const) {
      const { bench } = keyed();
      bench.register();
      bench.input({ type: 'stop' });
      bench.frames(auth);
      expect(bench.frames(answer).at(-1)).toBe(last);
    }
  });
});
