import { describe, expect, test } from 'vitest';
import { framed } from '../../src/framing/frame.ts';
import { isNonce, parseProof, proofData, signedText } from '../../src/session/proof.ts';
import { grant, hello, info, live, ServerBench } from './server-bench.ts';

const nonce = 'n'.repeat(43);
const proof = { publicKey: 'A'.repeat(43), signature: 'A'.repeat(86), token: undefined };
const rgtr = framed('!RGTR', JSON.stringify(hello[2]));
const auth = framed('!AUTH', proofData(proof));

/** A session that has asked its client for a key. */
function challenged(): ServerBench {
  const bench = new ServerBench();
  bench.frames(rgtr);
  expect(bench.input({ type: 'challenge', nonce })).toEqual([`send !AUTH${nonce}`]);
  return bench;
}

describe('a challenge', () => {
  test('is answered with a proof, which is handed on, and !SUCC comes when that is judged', () => {
    const bench = challenged();
    expect(bench.frames(auth)).toEqual([`prove ${proof.publicKey}`]);
    expect(bench.input({ type: 'registered', registered: grant })).toEqual([
      'online',
      expect.stringMatching(/^send !SUCC/),
    ]);
    expect(bench.frames(info(1))).toEqual(['confirmed 1: 10 s', 'store 5f2c91e0 1']);
  });

  test('is good for 10 s, whatever else is sent meanwhile', () => {
    const bench = challenged();
    bench.pass(9_000);
    bench.frames(info(1));
    expect(bench.pass(60_000)).toEqual(['1000 close: no answer to !AUTH within 10 s']);
  });

  test('and then its proof with the server for 30 s', () => {
    const bench = challenged();
    bench.pass(9_999);
    bench.frames(auth);
    expect(bench.pass(60_000)).toEqual(['30000 close: the store did not take the registration within 30 s']);
  });

  test('is good for one answer', () => {
    const bench = challenged();
    bench.frames(auth);
    expect(bench.frames(auth)).toEqual(['refusal unknown-command']);
    expect(bench.input({ type: 'registered', registered: grant })).toEqual([
      'online',
      expect.stringMatching(/^send !SUCC/),
      expect.stringMatching(/^send !FAILunknown-command /),
    ]);
    expect(bench.frames(auth)).toContain('refusal unknown-command');
  });

  test.each([
    '',
    'x',
    proof.publicKey,
    `${proof.publicKey} ${proof.signature} short`,
    `${proof.publicKey}  ${proof.signature}`,
  ])('that is answered with what is no proof (%j) ends the connection', (data) => {
    const bench = challenged();
    expect(bench.frames(framed('!AUTH', data))).toEqual([
      'refusal not-allowed',
      expect.stringMatching(/^send !FAILnot-allowed /),
      'end',
    ]);
    expect(bench.frames(auth, rgtr)).toEqual([]);
  });

  test('is not met with a reading or another registration', () => {
    const bench = challenged();
    expect(bench.frames(info(1))[1]).toMatch(/^send !FAILnot-registered /);
    expect(bench.frames(rgtr)[1]).toMatch(/^send !FAILbad-registration /);
    expect(bench.frames(auth)).toEqual([`prove ${proof.publicKey}`]);
  });

  test('of a client that says !DISC is over', () => {
    const bench = challenged();
    expect(bench.frames(framed('!DISC'))).toEqual(['send bare !DISC: RECEIVED', 'end']);
    expect(bench.frames(auth)).toEqual([]);
  });

  test('that comes after !DISC is sent, and !DISC is confirmed behind it', () => {
    const bench = new ServerBench();
    bench.frames(rgtr, framed('!DISC'));
    expect(bench.input({ type: 'challenge', nonce })).toEqual([`send !AUTH${nonce}`, 'send !DISC: RECEIVED', 'end']);
  });

  test('is sent before the answers to what came behind !RGTR', () => {
    const bench = new ServerBench();
    bench.frames(rgtr, info(1));
    expect(bench.input({ type: 'challenge', nonce })).toEqual([
      `send !AUTH${nonce}`,
      expect.stringMatching(/^send !FAILnot-registered /),
    ]);
  });

  test('is none where nobody registers', () => {
    for (const bench of [new ServerBench(), live(), challenged()]) {
      expect(bench.input({ type: 'challenge', nonce })).toEqual([]);
    }
  });

  test('of a server that shuts down is not waited for', () => {
    const bench = challenged();
    expect(bench.input({ type: 'shut-down' })).toEqual([
      'refusal shutting-down',
      expect.stringMatching(/^send !FAILshutting-down /),
      'end',
    ]);
  });
});

describe('a proof that is refused', () => {
  test.each(['not-allowed', 'pending', 'too-many', 'store-unavailable'] as const)(
    'is told %s, and the connection ends',
    (code) => {
      const bench = challenged();
      bench.frames(auth);
      expect(bench.input({ type: 'refused', code, words: 'because' })).toEqual([
        `refusal ${code}`,
        `send !FAIL${code} because`,
        'end',
      ]);
    },
  );
});

describe('a unit that is served no more', () => {
  test('hears so behind the answers that are due, and no frame of it counts', () => {
    const bench = live();
    bench.frames(info(1));
    expect(bench.input({ type: 'expelled', words: 'revoked' })).toEqual(['refusal not-allowed', 'lost']);
    expect(bench.frames(info(2))).toEqual([]);
    expect(bench.stored()).toEqual(['send !INFO: RECEIVED', 'send !FAILnot-allowed revoked', 'end']);
  });

  test('while it registers is refused', () => {
    const bench = challenged();
    bench.frames(auth);
    expect(bench.input({ type: 'expelled', words: 'revoked' })).toEqual([
      'refusal not-allowed',
      'send !FAILnot-allowed revoked',
      'end',
    ]);
    expect(bench.input({ type: 'registered', registered: grant })).toEqual([]);
  });

  test('after it has left is told nothing more', () => {
    const bench = live();
    bench.frames(framed('!DISC'));
    expect(bench.input({ type: 'expelled', words: 'revoked' })).toEqual([]);
  });
});

test('a reading that the server will never take gets bad-reading in its place', () => {
  const bench = live({ judge: { refusal: ({ seq }) => (seq === 2 ? 'too many series' : undefined) } });
  expect(bench.frames(info(1), info(2), info(3))).toEqual([
    'confirmed 1: 10 s',
    'store 5f2c91e0 1',
    'refusal bad-reading',
    'store 5f2c91e0 3',
  ]);
  expect(bench.stored(2)).toEqual([
    'send !INFO: RECEIVED',
    'send !FAILbad-reading too many series',
    'send !INFO: RECEIVED',
  ]);
});

describe('the words of a proof', () => {
  test('are a key, a signature, and perhaps a token', () => {
    expect(parseProof(proofData(proof))).toEqual(proof);
    const joining = { ...proof, token: 't'.repeat(32) };
    expect(parseProof(proofData(joining))).toEqual(joining);
  });

  test('have one form for each key and signature: bits that stand for no byte are 0', () => {
    expect(parseProof(proofData({ ...proof, publicKey: `${'A'.repeat(42)}B` }))).toBeUndefined();
    expect(parseProof(proofData({ ...proof, signature: `${'A'.repeat(85)}B` }))).toBeUndefined();
    for (let byte = 0; byte < 256; byte += 1) {
      const publicKey = Buffer.alloc(32, byte).toString('base64url');
      const signature = Buffer.alloc(64, byte).toString('base64url');
      expect(parseProof(`${publicKey} ${signature}`)).toEqual({ publicKey, signature, token: undefined });
    }
  });

  test('that are signed hold the nonce, the digest of the registration, and the binding', () => {
    const text = signedText({ nonce, registration: '{}', binding: '-' }, (data) => `digest of ${data}`);
    expect(text).toBe(`telemetry-auth-v2\n${nonce}\ndigest of {}\n-`);
    expect([nonce, 'short', `${nonce}x`, `${nonce}\n`].map(isNonce)).toEqual([true, false, false, false]);
  });
});
