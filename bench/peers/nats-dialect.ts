import type { Dialect } from '../dialect.ts';

const subscription = 'SUB answers.* 1\r\n';

/** A reading is a message of the subject of its unit, to which JetStream answers with its number in the stream. */
export const natsDialect: Dialect = {
  greeting: {
    text: (unit) => `CONNECT {"verbose":false,"pedantic":false}\r\n${subscription.replace('*', unit)}PING\r\n`,
    isAnswered: (text) => {
      if (text.includes('-ERR')) throw new Error(`refused: ${text}`);
      return text.endsWith('PONG\r\n');
    },
  },
  request: ({ unit, seq, timeMs: time, sensor, id, values }) => {
    const data = JSON.stringify({ seq, time, sensor, id, ...values });
    return `PUB readings.${unit} answers.${unit} ${data.length}\r\n${data}\r\n`;
  },
  isAnswered: (text) => {
    // A server that wants to know whether its client lives asks seldom, and waits for minutes: that it did is no answer.
    const answer = text.replaceAll(/^PING\r\n/gm, '');
    if (answer !== '' && !'MSG '.startsWith(answer.slice(0, 4))) throw new Error(`refused: ${text}`);
    if (answer.includes('"error"')) throw new Error(`refused: ${text}`);
    // `MSG answers.unit-7 1 31`, CRLF, the data, CRLF.
    return answer.endsWith('}\r\n');
  },
};
