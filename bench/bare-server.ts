/**
 * What the server's cost is held against: a Node.js server that reads the same frames, parses header and JSON, and answers. It
 * keeps nothing, checks nothing, logs nothing, has no time-outs, and takes nothing but `!RGTR` and `!INFO`. Prints its port.
 */
import { createServer, type AddressInfo } from 'node:net';

const headerBytes = 16;
const acknowledgement = Buffer.from(`${'15'.padEnd(headerBytes)}!INFO: RECEIVED`);
let units = 0;
let readings = 0;

const server = createServer({ noDelay: true }, (socket) => {
  let rest: Buffer | undefined;
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    let bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    while (bytes.length >= headerBytes) {
      const frameBytes = headerBytes + Number(bytes.toString('latin1', 0, headerBytes));
      if (bytes.length < frameBytes) break;
      const command = bytes.toString('latin1', headerBytes, headerBytes + 5);
      const members = JSON.parse(bytes.toString('utf8', headerBytes + 5, frameBytes)) as { readonly seq?: number };
      if (command === '!RGTR') {
        units += 1;
        socket.write(registrationAnswer(`unit-${units}`));
      } else if (command === '!INFO' && members.seq !== undefined) {
        readings += 1;
        socket.write(acknowledgement);
      }
      bytes = bytes.subarray(frameBytes);
    }
    rest = bytes.length > 0 ? bytes : undefined;
  });
});

function registrationAnswer(clientId: string): Buffer {
  const token = 'AAECAwQFBgcICQoLDA0ODw';
  const body = `!SUCC${JSON.stringify({ client_id: clientId, tcp_port: 1, interval: 10, v: 2, seq: 0, rev: 1, token })}`;
  return Buffer.from(String(body.length).padEnd(headerBytes) + body);
}

server.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 }, () => {
  console.log(`port ${(server.address() as AddressInfo).port}`);
});
