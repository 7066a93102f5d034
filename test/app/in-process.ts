import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { startServer } from '../../src/app/server.ts';
import { parseServerCommandLine } from '../../src/config/command-line.ts';
import { FrameDecoder } from '../../src/framing/decoder.ts';
import { encodeFrames } from '../../src/framing/encoder.ts';
import { framed, type Frame } from '../../src/framing/frame.ts';

/** One line of the log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string };

/** Collects a program's log and lets a test wait for a line of it. */
export class LogReader extends Writable {
  readonly lines: LogLine[] = [];
  #rest = '';
  readonly #waiting = new Set<() => void>();

  override _write(chunk: Buffer | string, _encoding: string, done: () => void): void {
    const pieces = (this.#rest + chunk.toString()).split('\n');
    this.#rest = pieces.pop() ?? '';
    for (const piece of pieces) this.lines.push(JSON.parse(piece) as LogLine);
    for (const look of this.#waiting) look();
    done();
  }

  /** The first line, from the beginning of the log on, of that event and for which `matches` holds. */
  waitFor(event: string, matches: (line: LogLine) => boolean = () => true): Promise<LogLine> {
    return new Promise((resolve) => {
      const look = (): void => {
        const line = this.lines.find((candidate) => candidate.event === event && matches(candidate));
        if (line === undefined) return;
        this.#waiting.delete(look);
        resolve(line);
      };
      this.#waiting.add(look);
      look();
    });
  }

  count(event: string): number {
    return this.lines.filter((line) => line.event === event).length;
  }
}

export interface RunningServer {
  readonly log: LogReader;
  readonly port: number;
  readonly api: string;
  readonly dataDir: string;
  stop(): Promise<void>;
}

/** The real server on free ports of the loopback, in this process; `env` is for settings that have no flag. */
export async function startTestServer(
  flags: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-server-'));
  const log = new LogReader();
  const argv = [
    '--listen',
    'tcp://127.0.0.1:0',
    '--http',
    '127.0.0.1:0',
    '--data-dir',
    folder,
    '--log-format',
    'json',
    ...flags,
  ];
  const command = await parseServerCommandLine({ ...surroundings(argv), env });
  if (command.type !== 'run') throw new Error('the flags ask for no run');
  const { stop } = await startServer(command, {
    stdout: log,
    complain: (text) => {
      throw new Error(text);
    },
    env: {},
    platform: process.platform,
    version: '0.0.0-test',
    signal: new AbortController().signal,
    onReload: () => () => undefined,
    usage: () => ({ residentBytes: 0, cpuSeconds: 0 }),
  });
  const tcp = await log.waitFor('listening', ({ listener }) => listener === 'tcp');
  const http = await log.waitFor('listening', ({ listener }) => listener === 'http');
  return {
    log,
    port: Number(tcp['port']),
    api: `http://127.0.0.1:${Number(http['port'])}/api/v1`,
    dataDir: folder,
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function surroundings(argv: readonly string[]): Parameters<typeof parseServerCommandLine>[0] {
  return {
    argv,
    env: {},
    cwd: process.cwd(),
    platform: process.platform,
    euid: 1000,
    homedir: tmpdir(),
    hostname: 'test-host',
    version: '0.0.0-test',
  };
}

/** A client that does exactly what a test says, over a real socket. */
export class RawClient {
  readonly socket: Socket;
  readonly #decoder = new FrameDecoder();
  readonly #frames: Frame[] = [];
  readonly #waiting: ((frame: Frame | 'closed') => void)[] = [];
  #closed = false;

  /** `to` is a port of the loopback, or a connection that there is. */
  constructor(to: number | Socket) {
    this.socket = typeof to === 'number' ? connect({ port: to, host: '127.0.0.1', allowHalfOpen: true }) : to;
    this.socket.on('data', (bytes) => {
      for (const frame of this.#decoder.push(bytes)) {
        const waiting = this.#waiting.shift();
        if (waiting === undefined) this.#frames.push(frame);
        else waiting(frame);
      }
    });
    const closed = (): void => {
      this.#closed = true;
      for (const waiting of this.#waiting.splice(0)) waiting('closed');
    };
    this.socket.on('end', closed);
    this.socket.on('error', closed);
    this.socket.on('close', closed);
  }

  bytes(bytes: string | Uint8Array): this {
    this.socket.write(bytes);
    return this;
  }

  send(command: string, data = ''): this {
    return this.bytes(encodeFrames([framed(command, data)]));
  }

  /** The next frame, or `closed`. */
  next(): Promise<Frame | 'closed'> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    if (this.#closed) return Promise.resolve('closed');
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The next frame as text: command and data. */
  async answer(): Promise<string> {
    const frame = await this.next();
    return frame === 'closed' ? 'closed' : frame.command + frame.data;
  }

  /** Registers as a v2 client; answers the members of `!SUCC`. */
  async register(members: Readonly<Record<string, unknown>> = {}): Promise<Readonly<Record<string, unknown>>> {
    const registration = {
      name: 'raw',
      ip: '127.0.0.1',
      UDP_port: 0,
      time: '2026-11-21T10:00:00Z',
      v: 2,
      epoch: '5f2c91e0',
    };
    this.send('!RGTR', JSON.stringify({ ...registration, ...members }));
    const answer = await this.answer();
    if (!answer.startsWith('!SUCC')) throw new Error(answer);
    return JSON.parse(answer.slice(5)) as Readonly<Record<string, unknown>>;
  }

  close(): void {
    this.socket.destroy();
  }
}

/** The data of a reading of the sensor `test`. */
export function readingText(seq: number, members: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ seq, time: 1_795_255_200_000 + seq, sensor: 'test', value: seq, ...members });
}
