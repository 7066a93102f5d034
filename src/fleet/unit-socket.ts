import { connect } from 'node:net';
import { FrameDecoder } from '../framing/decoder.ts';
import { acknowledgement } from '../framing/frame.ts';
import { frameText } from './simulated-reading.ts';
import type { Link, SimulatedUnit } from './simulated-unit.ts';

/** Bytes that are read at once: 33 acknowledgements. */
const readBytes = 1_024;
const acknowledged = Buffer.from(frameText(acknowledgement('!INFO', false)));

export interface UnitSocketOptions {
  readonly host: string;
  readonly port: number;
  readonly nowMs: () => number;
}

/** Dials the server for a unit, and brings it what comes. */
export function dialUnit(unit: SimulatedUnit, { host, port, nowMs }: UnitSocketOptions): void {
  const decoder = new FrameDecoder();
  let over = false;
  const socket = connect({
    host,
    port,
    noDelay: true,
    onread: {
      // One buffer for all that a connection reads; without it each chunk is allocated.
      buffer: Buffer.allocUnsafeSlow(readBytes),
      callback: (count, buffer) => {
        if (!over) take(buffer.subarray(0, count));
        return true;
      },
    },
  });
  const link: Link = {
    write: (text) => void socket.write(text, 'latin1'),
    cut: () => {
      over = true;
      socket.destroy();
    },
  };
  unit.dialled(link, nowMs());
  socket.on('connect', () => {
    if (!over) unit.connected(nowMs());
  });
  // What was wrong is told by the close that follows.
  socket.on('error', () => undefined);
  const end = (): void => {
    if (over) return;
    link.cut();
    unit.disconnected();
  };
  socket.on('end', end);
  socket.on('close', end);

  function take(bytes: Uint8Array): void {
    const whole = decoder.holding ? 0 : leadingAcknowledgements(bytes);
    if (whole > 0) unit.acknowledge(whole, nowMs());
    // Most of what comes is that alone, and is not decoded.
    if (over || whole * acknowledged.length === bytes.length) return;
    for (const frame of decoder.push(bytes.subarray(whole * acknowledged.length))) {
      if (over) return;
      unit.frame(frame, nowMs());
    }
    if (decoder.failure !== undefined && !over) unit.nonsense(decoder.failure.message);
  }
}

/** How many framed `!INFO: RECEIVED` the bytes begin with. */
function leadingAcknowledgements(bytes: Uint8Array): number {
  const length = acknowledged.length;
  let count = 0;
  while ((count + 1) * length <= bytes.length) {
    const from = count * length;
    if (acknowledged.compare(bytes, from, from + length) !== 0) return count;
    count += 1;
  }
  return count;
}
