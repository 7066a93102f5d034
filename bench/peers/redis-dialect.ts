import type { Dialect } from '../dialect.ts';

/** A reading is an entry of its unit's stream, and its JSON the entry's only field. The answer is the entry's id. */
export const redisDialect: Dialect = {
  request: ({ unit, seq, timeMs: time, sensor, id, values }) =>
    command('XADD', unit, '*', 'r', JSON.stringify({ seq, time, sensor, id, ...values })),
  isAnswered: (text) => {
    if (!text.startsWith('$')) throw new Error(`refused: ${text}`);
    // `$15`, CRLF, the id, CRLF.
    return text.endsWith('\r\n') && text.indexOf('\r\n') < text.length - 2;
  },
};

/** An array of strings, as Redis' protocol (RESP2) writes a command. */
export function command(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}
