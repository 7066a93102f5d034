/**
 * The load: many registered units, each with one frame in flight, which sends its next reading when the last is answered. A process of its own, whose
 * parent tells it how many answers to wait for: `{ frames }`, and is told `{ elapsedMs }`. Arguments: port, connections.
 */
import { connect, type Socket } from 'node:net';

const headerBytes = 16;
const answerBytes = 31;
/** Seven digits from the start, so that the next one can be written over it. */
const firstSeq = 1_000_000;
const seqFrom = headerBytes + '!INFO{"seq":'.length;
const readings = [
  '"sensor":"cpu_temp","id":"coretemp/Package id 0","celsius":54.5}',
  '"sensor":"disk","id":"/","used":51234567890,"total":250059350016}',
  '"sensor":"ram","used":6123456789,"available":10056789012,"total":16180246801}',
];
const [port = 0, connections = 0] = process.argv.slice(2).map(Number);

let wanted = 0;
let sent = 0;
let answered = 0;
let startedMs = 0;

/** One unit: its frames, made once, and only their `seq` written anew. Nothing is in flight when a frame is changed. */
class Unit {
  readonly #socket: Socket;
  readonly #frames: readonly Buffer[];
  #seq = firstSeq;
  #receivedBytes = 0;

  constructor(index: number, registered: () => void) {
    this.#frames = readings.map((text) => frame(`!INFO{"seq":${firstSeq},"time":${Date.now()},${text}`));
    let head = '';
    this.#socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: {
        // One buffer for all of a connection's answers; without it each one is allocated.
        buffer: Buffer.alloc(1_024),
        callback: (bytesRead, buffer) => {
          if (head === 'registered') return this.#answers(bytesRead, buffer);
          head += Buffer.from(buffer).toString('latin1', 0, bytesRead);
          if (head.length < headerBytes || head.length < headerBytes + Number(head.slice(0, headerBytes))) return true;
          if (!head.includes('!SUCC')) throw new Error(`unit ${index}: ${head}`);
          head = 'registered';
          registered();
          return true;
        },
      },
    });
    this.#socket.on('close', () => {
      throw new Error(`unit ${index}: the server closed the connection`);
    });
    const epoch = index.toString(16).padStart(8, '0');
    const time = `${new Date().toISOString().slice(0, 19)}Z`;
    const registration = { name: `unit-${index}`, ip: '127.0.0.1', UDP_port: 0, time, v: 2, epoch };
    this.#socket.write(frame(`!RGTR${JSON.stringify(registration)}`));
  }

  send(): void {
    const bytes = this.#frames[this.#seq % readings.length];
    if (bytes === undefined) return;
    let left = this.#seq;
    for (let at = seqFrom + 6; at >= seqFrom; at -= 1) {
      bytes[at] = 0x30 + (left % 10);
      left = Math.floor(left / 10);
    }
    this.#seq += 1;
    sent += 1;
    this.#socket.write(bytes);
  }

  #answers(bytesRead: number, bytes: Uint8Array): boolean {
    // `!I` of `!INFO: RECEIVED`; `!FAIL` is another length.
    if (this.#receivedBytes === 0 && bytesRead === answerBytes && bytes[headerBytes + 1] !== 0x49) {
      throw new Error(`answered ${Buffer.from(bytes).toString('latin1', 0, bytesRead)}`);
    }
    this.#receivedBytes += bytesRead;
    if (this.#receivedBytes < answerBytes) return true;
    if (this.#receivedBytes > answerBytes) throw new Error('more was answered than one frame');
    this.#receivedBytes = 0;
    answered += 1;
    if (answered === wanted) process.send?.({ elapsedMs: performance.now() - startedMs });
    else if (sent < wanted) this.send();
    return true;
  }
}

function frame(body: string): Buffer {
  return Buffer.from(String(body.length).padEnd(headerBytes) + body);
}

const units: Unit[] = [];
let registered = 0;
for (let index = 0; index < connections; index += 1) {
  units.push(
    new Unit(index, () => {
      registered += 1;
      if (registered === connections) process.send?.({ registered });
    }),
  );
}

process.on('message', ({ frames }: { frames: number }) => {
  wanted = answered + frames;
  startedMs = performance.now();
  for (const unit of units) if (sent < wanted) unit.send();
});
process.on('disconnect', () => process.exit());
