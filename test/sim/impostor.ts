import { proofData } from '../../src/session/proof.ts';
import { sign } from '../server/played-key.ts';
import type { Cast } from './cast.ts';
import { undo } from './faults.ts';
import { FrameReader, frameBytes } from './frame-reader.ts';
import { Host } from './host.ts';
import { Process } from './process.ts';

/** Somebody who has read all that went over the wire registers as a machine that is not his. */
export function sendImpostor(cast: Cast): void {
  const { stage, network, keys } = cast;
  const { random } = stage;
  if (keys.bound.length === 0) return;
  const victim = random.pick(keys.bound);
  const host = new Host(stage, { name: 'rogue-impostor', address: random.pick(cast.hosts).address });
  const process = new Process(stage, host);
  const v1 = random.chance(0.2);
  const registration = JSON.stringify({
    name: random.chance(0.8) ? victim.name : 'another',
    ip: '192.0.2.66',
    UDP_port: 9,
    time: 'x',
    ...(!v1 && { v: 2, epoch: '0badcafe', id: random.chance(0.7) ? victim.clientId : undefined }),
    ...(random.chance(0.5) && { key: true }),
  });
  network.dialer(process)({
    connected: (link) => {
      // On a new disk the name may be nobody's yet, and is whose key comes first.
      if (!keys.bound.some(({ key }) => key === victim.key)) {
        link.destroy();
        return;
      }
      const heard = new FrameReader();
      link.listen({
        data: (bytes) => {
          for (const { command, data } of heard.read(bytes)) {
            if (command === '!AUTH')
              link.write(frameBytes('!AUTH', answerTo(data, { registration, binding: link.binding })));
            if (command === '!FAIL' && v1) stage.record('an impostor of version 1 is refused');
          }
        },
        drained: () => undefined,
        ended: () => link.end(),
        closed: () => undefined,
      });
      link.write(frameBytes('!RGTR', registration));
    },
    failed: () => undefined,
  });
  undo(cast, random.between(1_000, 30_000), () => process.kill(random.pick(['exit', 'power'])));

  /** With a key of his own; with what he has read, as it was; with the key of another and a signature of his own; with no sense. */
  function answerTo(nonce: string, session: { registration: string; binding: string }): string {
    const own = sign('an impostor', { nonce, ...session });
    return random.pick([
      proofData(own),
      random.pick(keys.answers),
      random.pick(keys.answers),
      proofData({ ...own, publicKey: victim.key }),
      'x',
    ]);
  }
}
