import { frameBytes } from './frame-reader.ts';
import type { Cast } from './cast.ts';

/** What a stranger tells a unit of a v1 server, which knows its server by the address alone. */
export const strangerSeconds = 77;
const strangerAddress = '203.0.113.99';

/** Somebody sends a datagram to a unit that he has no right to send. */
export function sendForgery({ stage, datagrams, network, v1Server }: Cast): void {
  const { random } = stage;
  if (datagrams.seen.length === 0) return;
  const { bytes, to, port } = random.pick(datagrams.seen);
  if (v1Server.isRunning) {
    datagrams.deliver(frameBytes('!UPDT', String(strangerSeconds)), { from: strangerAddress, to, port });
    return;
  }
  const other = random.pick(datagrams.seen);
  const text = Buffer.from(bytes).toString('utf8');
  // The server's address can be forged too; a v1 session has no more to go by, so none of these is of its form.
  const from = random.chance(0.5) ? network.serverHost.address : strangerAddress;
  const replay = random.chance(0.5) ? bytes : other.bytes;
  const forgery = random.pick([
    replay,
    Buffer.from(text.replace(/"interval":[\d.]+/, '"interval":7')),
    Buffer.from(text.replace(/"rev":\d+/, '"rev":9007199254740991')),
    frameBytes('!UPDT', '{"interval":7,"rev":999,"tag":"AAAAAAAAAAAAAAAAAAAAAA"}'),
    frameBytes('!DISC'),
    random.bytes(random.integer(0, 60)),
  ]);
  // What a v1 server sends can be sent again by anybody, and is obeyed: the document knows no better.
  if (!text.includes('"tag"') || !Buffer.from(replay).includes('"tag"')) return;
  datagrams.deliver(forgery, { from, to, port });
}
