import { connect } from 'node:net';

/** Sends bytes as they are and gives all that came back until the server closed, as text. */
export function rawRequest(port: number, bytes: string, host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ port, host }, () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (text) => (answer += String(text)));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}
