import { describe, expect, test } from 'vitest';
import type { LoadReading } from '../../bench/dialect.ts';
import { dialects } from '../../bench/dialects.ts';
import { createLoadKey } from '../../bench/load-key.ts';
import { telemetryDialect } from '../../bench/telemetry-dialect.ts';
import { sha256Base64url, verifyProof } from '../../src/app/machine-proof.ts';
import { parseProof, signedText } from '../../src/session/proof.ts';

const reading: LoadReading = {
  unit: 'unit-7',
  seq: 1_000_000,
  timeMs: 1_795_255_200_123,
  sensor: 'cpu_temp',
  id: 'coretemp/Package id 0',
  values: { celsius: 54.5 },
};
const json = '{"seq":1000000,"time":1795255200123,"sensor":"cpu_temp","id":"coretemp/Package id 0","celsius":54.5}';

/** What each says, a right answer to it, and a refusal. */
const spoken = {
  telemetry: [
    `105             !INFO${json}`,
    '15              !INFO: RECEIVED',
    '22              !FAILbad-reading no seq',
  ],
  redis: [
    `*5\r\n$4\r\nXADD\r\n$6\r\nunit-7\r\n$1\r\n*\r\n$1\r\nr\r\n$100\r\n${json}\r\n`,
    '$15\r\n1795255200123-0\r\n',
    '-ERR\r\n',
  ],
  nats: [
    `PUB readings.unit-7 answers.unit-7 100\r\n${json}\r\n`,
    'MSG answers.unit-7 1 31\r\n{"stream":"readings","seq":17}\r\n',
    "-ERR 'Unknown'\r\n",
  ],
  'influx-line': [
    'POST /write?db=bench&precision=ms HTTP/1.1\r\nHost: bench\r\nContent-Length: 74\r\n\r\n' +
      String.raw`cpu_temp,unit=unit-7,id=coretemp/Package\ id\ 0 celsius=54.5 1795255200123`,
    'HTTP/1.1 204 No Content\r\nX-Influxdb-Version: 1\r\n\r\n',
    'HTTP/1.1 400 Bad Request\r\n\r\n',
  ],
} as const;

describe.each(Object.entries(dialects))('%s', (name, dialect) => {
  const [request, answer, refusal] = spoken[name as keyof typeof spoken];

  test('says a reading as its server wants it', () => {
    expect(dialect.request(reading)).toBe(request);
  });

  test('takes an answer for one when all of it has come', () => {
    for (let length = 1; length < answer.length; length += 1) {
      expect(dialect.isAnswered(answer.slice(0, length), 1), answer.slice(0, length)).toBe(false);
    }
    expect(dialect.isAnswered(answer, 1)).toBe(true);
  });

  test('throws at a refusal', () => {
    expect(() => dialect.isAnswered(refusal, 1)).toThrow(/not acknowledged|refused/);
  });
});

test('a round of readings is answered when each of them is', () => {
  const [, answer, refusal] = spoken.telemetry;
  expect(telemetryDialect.isAnswered(answer, 2)).toBe(false);
  expect(telemetryDialect.isAnswered(answer + answer, 2)).toBe(true);
  expect(() => telemetryDialect.isAnswered(answer + refusal, 2)).toThrow(/not acknowledged/);
});

test('a unit with a key answers a server that asks for it with a proof of its greeting and its connection, and nothing else', () => {
  const { greeting } = telemetryDialect;
  const said = greeting?.text('unit-7') ?? '';
  const nonce = 'n'.repeat(43);
  const question = `48              !AUTH${nonce}`;
  const answerTo = (text: string): string | undefined =>
    greeting?.proof?.(text, { greeting: said, binding: 'bound', key: createLoadKey() });
  for (let length = 0; length < question.length; length += 1) {
    expect(answerTo(question.slice(0, length))).toBeUndefined();
  }
  const proof = parseProof(answerTo(question)?.slice('16 bytes of head!AUTH'.length) ?? '');
  expect(proof).toMatchObject({ token: undefined });
  const registration = said.slice(said.indexOf('{'));
  const text = signedText({ nonce, registration, binding: 'bound' }, sha256Base64url);
  expect(verifyProof({ publicKey: proof?.publicKey ?? '', signature: proof?.signature ?? '', text })).toBe(true);
});
