import { describe, expect, test } from 'vitest';
import { bytesOf, decode, wire } from './frames.ts';

/** A header and as many bytes of a body as it says. */
function frameOf(header: string, bodyBytes = Number.parseInt(header, 10)): Uint8Array {
  return bytesOf(header.padEnd(16) + `!INFO${'x'.repeat(Math.max(0, bodyBytes - 5))}`.slice(0, bodyBytes));
}

function failureOf(bytes: Uint8Array | string): string | undefined {
  return decode(typeof bytes === 'string' ? bytesOf(bytes) : bytes).failure;
}

describe('a header', () => {
  test.each(['5', '05', '005', '6', '99', '100', '099', '240'])('of %j is taken', (header) => {
    const { frames, failure, holding } = decode(frameOf(header));
    expect({ count: frames.length, failure, holding }).toEqual({ count: 1, failure: undefined, holding: false });
    expect(frames[0]?.data).toHaveLength(Number(header) - 5);
  });

  test.each([
    ['0', 0],
    ['00', 0],
    ['000', 0],
    ['4', 4],
    ['004', 4],
    ['241', 241],
    ['999', 999],
  ])('of %j is refused before its body, for a length of %i', (header, length) => {
    expect(failureOf(`${header} `)).toBe(`a length of ${length}; a body has 5 to 240 bytes`);
    expect(failureOf(header)).toBeUndefined();
  });

  test.each([
    ['four digits', '0005', 'byte 3 of the header is 0x35'],
    ['four digits that are too many', '1000', 'byte 3 of the header is 0x30'],
    ['no digit', ' 5', 'byte 0 of the header is 0x20'],
    ['spaces alone', ' '.repeat(16), 'byte 0 of the header is 0x20'],
    ['a digit after a space', '5 5', 'byte 2 of the header is 0x35'],
    ['a digit as its last byte', `5${' '.repeat(14)}5`, 'byte 15 of the header is 0x35'],
    ['a sign', '+5', 'byte 0 of the header is 0x2b'],
    ['a minus', '-5', 'byte 0 of the header is 0x2d'],
    ['a point', '5.0', 'byte 1 of the header is 0x2e'],
    ['an exponent', '1e1', 'byte 1 of the header is 0x65'],
    ['hex digits', '0x5', 'byte 1 of the header is 0x78'],
    ['a tab', '5\t', 'byte 1 of the header is 0x09'],
    ['a line feed', '5\n', 'byte 1 of the header is 0x0a'],
    ['a zero byte', '5\0', 'byte 1 of the header is 0x00'],
    ['another digit of Unicode', '٥', 'byte 0 of the header is 0xd9'],
    ['the command after 15 bytes', `5${' '.repeat(14)}!DISC`, 'byte 15 of the header is 0x21'],
    ['HTTP', 'GET / HTTP/1.1\r\n', 'byte 0 of the header is 0x47'],
    ['TLS', '\u0016\u0003\u0001', 'byte 0 of the header is 0x16'],
    ['a line feed between frames', '\n', 'byte 0 of the header is 0x0a'],
  ])('with %s is refused at that byte', (_, header, fault) => {
    expect(failureOf(header)).toBe(`${fault}; a header is up to 3 digits, then spaces`);
  });
});

describe('a command', () => {
  test.each([
    ['lower case', '!info', 1, '0x69'],
    ['a digit', '!INF0', 4, '0x30'],
    ['no exclamation mark', 'INFO!', 0, '0x49'],
    ['a space', ' !INF', 0, '0x20'],
    ['two marks', '!!INF', 1, '0x21'],
    ['a byte before A', '!IN@O', 3, '0x40'],
    ['a byte after Z', '!IN[O', 3, '0x5b'],
    ['another alphabet', '!ÄNFO', 1, '0xc3'],
  ])('with %s is refused at that byte', (_, command, index, byte) => {
    const fault = `byte ${index} of the command is ${byte}; a command is ! and four capitals`;
    expect(failureOf(wire(`${command}{}`))).toBe(fault);
    expect(failureOf(wire(`${command}{}`).slice(0, 16 + index))).toBeUndefined();
  });

  test.each(['!AAAA', '!ZZZZ', '!INFO', '!WHAT'])('%s is one, whatever it means', (command) => {
    expect(decode(bytesOf(wire(command))).frames).toEqual([{ command, data: '', bare: false }]);
  });
});

describe('an acknowledgement', () => {
  test('without header and one with header are the same words', () => {
    expect(decode(bytesOf(`!INFO: RECEIVED${wire('!INFO: RECEIVED')}!DISC: RECEIVED`)).frames).toEqual([
      { command: '!INFO', data: ': RECEIVED', bare: true },
      { command: '!INFO', data: ': RECEIVED', bare: false },
      { command: '!DISC', data: ': RECEIVED', bare: true },
    ]);
  });

  test('without header ends after 15 bytes, whatever follows', () => {
    expect(decode(bytesOf('!UPDT: RECEIVED 2'))).toMatchObject({
      frames: [{ command: '!UPDT', data: ': RECEIVED', bare: true }],
      failure: 'byte 0 of the header is 0x20; a header is up to 3 digits, then spaces',
    });
  });

  test('without header has four capitals', () => {
    expect(failureOf('!INf')).toBe('byte 3 of the command is 0x66; a command is ! and four capitals');
  });

  test.each([
    ['!INFO:RECEIVED', '0x52'],
    ['!INFO{', '0x7b'],
    ['!INFO: RECEIVEd', '0x64'],
    ['!INFO: REFUSED', '0x46'],
  ])('without header is not %j', (text, byte) => {
    expect(failureOf(text)).toBe(`${byte} in an acknowledgement without header`);
    expect(failureOf(text.slice(0, -1).replace(/[F{].*$/, ''))).toBeUndefined();
  });

  test('that is cut short is waited for', () => {
    expect(decode(bytesOf('!INFO: RECEIVE'))).toEqual({ frames: [], failure: undefined, holding: true });
  });
});

describe('data', () => {
  test.each([
    ['a lone continuation byte', [0x80]],
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a character cut off', [0xe2, 0x82]],
  ])('with %s is not UTF-8', (_, bytes) => {
    const body = [...bytesOf('!INFO'), ...bytes];
    const fault = Uint8Array.of(...bytesOf(String(body.length).padEnd(16)), ...body);
    expect(failureOf(fault)).toBe('the data is not UTF-8');
  });

  test('that is not UTF-8 ends the stream after the frames before it', () => {
    const bytes = Uint8Array.of(...bytesOf(wire('!DISC')), ...bytesOf('6'.padEnd(16)), ...bytesOf('!INFO'), 0xff);
    const { frames, failure, holding } = decode(Uint8Array.of(...bytes, ...bytesOf(wire('!DISC'))));
    expect(frames).toHaveLength(1);
    expect({ failure, holding }).toEqual({ failure: 'the data is not UTF-8', holding: false });
  });

  test('keeps its byte order mark', () => {
    expect(decode(bytesOf(wire('!INFO\uFEFFx'))).frames[0]?.data).toBe('\uFEFFx');
  });

  test('of zero bytes and control characters is data', () => {
    expect(decode(bytesOf(wire('!INFO\0\n\u007f'))).frames[0]?.data).toBe('\0\n\u007f');
  });
});
