import { createServer, type AddressInfo, type Socket } from 'node:net';
import { FrameDecoder } from '../src/framing/decoder.ts';
import { encodeFrames } from '../src/framing/encoder.ts';
import { acknowledgement, framed } from '../src/framing/frame.ts';

export interface AnsweringServer extends AsyncDisposable {
  readonly port: number;
  /** Resolves when the next first byte of a connection arrives, with `performance.now()`. */
  firstByte(): Promise<number>;
  /** How many rounds of readings the client of this name has had answered. */
  rounds(name: string): number;
  /** What clients are granted from now on; those that are connected are cut off, and come back for it. */
  grant(intervalSeconds: number): void;
}

/** A server of the protocol that does nothing but answer, in the process of the bench: only its clients are measured. */
export async function startAnsweringServer(firstSeconds: number): Promise<AnsweringServer> {
  let intervalSeconds = firstSeconds;
  const sockets = new Set<Socket>();
  const rounds = new Map<string, number>();
  let tellFirstByte: (nowMs: number) => void = () => undefined;
  const server = createServer({ noDelay: true }, (socket) => {
    socket.once('data', () => tellFirstByte(performance.now()));
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    answer(socket, { intervalSeconds, rounds });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    firstByte: () => new Promise((resolve) => (tellFirstByte = resolve)),
    rounds: (name) => rounds.get(name) ?? 0,
    grant: (seconds) => {
      intervalSeconds = seconds;
      for (const socket of sockets) socket.destroy();
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function answer(
  socket: Socket,
  { intervalSeconds, rounds }: { readonly intervalSeconds: number; readonly rounds: Map<string, number> },
): void {
  const decoder = new FrameDecoder();
  let name = '';
  let lastTime = 0;
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => {
    const answers = decoder.push(bytes).map(({ command, data }) => {
      if (command === '!RGTR') {
        ({ name } = JSON.parse(data) as { name: string });
        return framed('!SUCC', JSON.stringify(grant(intervalSeconds)));
      }
      if (command === '!INFO') {
        const { time } = JSON.parse(data) as { time: number };
        // All readings of a round have one time.
        if (time !== lastTime) rounds.set(name, (rounds.get(name) ?? 0) + 1);
        lastTime = time;
      }
      return acknowledgement(command, false);
    });
    if (answers.length > 0) socket.write(encodeFrames(answers));
  });
}

function grant(interval: number): object {
  return { client_id: 'bench', tcp_port: 1, interval, v: 2, seq: 0, rev: 1, token: 'AAECAwQFBgcICQoLDA0ODw' };
}
