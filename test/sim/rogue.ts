import type { Cast } from './cast.ts';
import { frameBytes } from './frame-reader.ts';
import { Host } from './host.ts';
import { goodQuality } from './path.ts';
import { Process } from './process.ts';
import { undo } from './faults.ts';

const hello = '{"name":"rogue","ip":"192.0.2.66","UDP_port":9,"time":"x","v":2,"epoch":"0badcafe"}';

/** A stranger connects, sends what he likes, and goes without a word, or never goes. */
export function sendRogue(cast: Cast): void {
  const { stage, network } = cast;
  const { random, timeline } = stage;
  const host = new Host(stage, { name: 'rogue', address: '203.0.113.66' });
  // One that reads nothing is to be felt soon.
  host.path.quality = { ...goodQuality, windowBytes: 200, highWaterBytes: random.pick([1, 65_536]) };
  const process = new Process(stage, host);
  network.dialer(process)({
    connected: (link) => {
      const reads = random.chance(0.6);
      if (reads)
        link.listen({
          data: () => undefined,
          drained: () => undefined,
          ended: () => link.end(),
          closed: () => undefined,
        });
      const greedy = random.chance(0.3);
      if (greedy) link.write(frameBytes('!RGTR', hello));
      const send = (left: number): void => {
        if (left === 0) return;
        link.write(greedy ? manyReadings() : drawBytes(cast));
        timeline.after(random.waitMs(500), () => {
          send(left - 1);
        });
      };
      send(random.integer(0, 12));
    },
    failed: () => undefined,
  });
  undo(cast, random.between(1_000, 50_000), () => process.kill(random.pick(['exit', 'power'])));
}

/** What many answers are due to. */
function manyReadings(): Uint8Array {
  const reading = (seq: number): Uint8Array => frameBytes('!INFO', `{"seq":${seq},"time":1,"sensor":"cpu","value":1}`);
  return Buffer.concat(Array.from({ length: 60 }, (_, index) => reading(index + 1)));
}

function drawBytes({ stage: { random } }: Cast): Uint8Array {
  const seq = random.integer(1, 9);
  const frames = [
    frameBytes('!RGTR', hello),
    frameBytes('!RGTR', '{"name":""}'),
    frameBytes('!INFO', `{"seq":${seq},"time":1,"sensor":"cpu","value":1}`),
    frameBytes('!INFO', `{"seq":${seq},"time":1,"sensor":"No Sensor","value":1}`),
    frameBytes('!INFO', '{"seq":'),
    frameBytes('!UPDT', `: RECEIVED ${seq}`),
    frameBytes('!UPDT', ': RECEIVED'),
    frameBytes('!DISC'),
    frameBytes('!AUTH', 'x'),
    Buffer.from('!INFO: RECEIVED'),
    Buffer.from('999             !INFO'),
    Buffer.from('5 '),
    random.bytes(random.integer(1, 40)),
  ];
  // Well-formed ones more often: what is garbage ends the connection.
  const many = Array.from({ length: random.integer(1, 30) }, () =>
    random.pick(frames.slice(0, random.integer(8, frames.length))),
  );
  return Buffer.concat(random.chance(0.2) ? many : [many[0] ?? Buffer.alloc(0)]);
}
