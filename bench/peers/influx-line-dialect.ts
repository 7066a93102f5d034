import type { Dialect } from '../dialect.ts';

/** A reading is a line of InfluxDB's protocol in a request of its own; both InfluxDB and VictoriaMetrics take these. The answer is 204. */
export const influxLineDialect: Dialect = {
  request: ({ unit, timeMs, sensor, id, values }) => {
    const tags = id === undefined ? '' : `,id=${id.replaceAll(' ', String.raw`\ `)}`;
    const fields = Object.entries(values).map(([name, value]) => `${name}=${value}`);
    const line = `${sensor},unit=${unit}${tags} ${fields.join(',')} ${timeMs}`;
    return `POST /write?db=bench&precision=ms HTTP/1.1\r\nHost: bench\r\nContent-Length: ${line.length}\r\n\r\n${line}`;
  },
  isAnswered: (text) => {
    if (text.length > 12 && !text.startsWith('HTTP/1.1 204')) throw new Error(`refused: ${text}`);
    return text.endsWith('\r\n\r\n');
  },
};
