import { connect } from 'node:net';

/** Sends `text`, and resolves with all that comes back, as soon as `isWhole` says so. */
export function converse(port: number, text: string, isWhole: (answer: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('latin1').on('data', (chunk) => {
      answer += String(chunk);
      if (!isWhole(answer)) return;
      socket.destroy();
      resolve(answer);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`the connection ended: ${answer}`)));
  });
}
