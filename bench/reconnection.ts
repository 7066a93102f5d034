import type { Figure } from './figure.ts';
import { startLoad, type Load } from './load.ts';
import type { LoadScheme } from './load-socket.ts';
import type { MeasureOptions } from './measure.ts';
import { dataDirOf, startOurServer } from './servers.ts';

const connections = 1_000;
/** Between two cuts: each unit has sent, so that each is known to be connected. */
const framesBetween = 10_000;

/** 1,000 units whose connections are all cut at once, and who dial again at once: until the last has its `!SUCC`; over TLS with a key each, and over TCP without. */
export async function measureReconnection({
  programs,
  folder,
  quick,
  say,
}: MeasureOptions): Promise<readonly Figure[]> {
  const { turns, warmFrames } = quick ? { turns: 2, warmFrames: 5_000 } : { turns: 7, warmFrames: 50_000 };
  await using stack = new AsyncDisposableStack();
  const start = async (scheme: LoadScheme): Promise<Load> => {
    const dataDir = dataDirOf(folder, 'reconnection', scheme);
    const { port } = stack.use(await startOurServer(programs, { dataDir, scheme }));
    const load = stack.use(await startLoad(port, { scheme, connections }));
    await load.answer(warmFrames);
    return load;
  };
  const contestants = [
    { load: await start('tls'), runs: [] as number[] },
    { load: await start('tcp'), runs: [] as number[] },
  ] as const;
  for (let turn = 0; turn < turns; turn += 1) {
    say(`server: reconnection, turn ${turn + 1} of ${turns}`);
    for (const { load, runs } of contestants) {
      runs.push(await load.reconnect());
      await load.answer(framesBetween);
    }
  }
  const [tls, tcp] = contestants;
  const words = '1,000 clients cut off and back at once, until the last is registered';
  return [
    { name: `server over TLS, with keys: ${words}`, unit: 'ms', runs: tls.runs, limit: 5_000 },
    { name: `server over TCP: ${words}`, unit: 'ms', runs: tcp.runs },
  ];
}
