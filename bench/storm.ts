import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from './figure.ts';
import { startLoad, type Load } from './load.ts';
import type { MeasureOptions } from './measure.ts';
import { dataDirOf, startBareServer, startOurServer } from './servers.ts';

const stormConnections = 1_000;
/** The server is busy for so long before the storm. */
const busyMs = 500;

/** 1,000 connections at once, dialled while 1,000 others keep the server busy in a closed loop: until the last has its `!SUCC`. */
export async function measureStorm({ programs, folder, quick, say }: MeasureOptions): Promise<readonly Figure[]> {
  const { turns, warmFrames } = quick ? { turns: 2, warmFrames: 5_000 } : { turns: 7, warmFrames: 50_000 };
  await using server = await startOurServer(programs, { dataDir: dataDirOf(folder, 'storm') });
  await using bareServer = await startBareServer();
  using load = await startLoad(server.port);
  using bareLoad = await startLoad(bareServer.port);
  const ours: number[] = [];
  const bare: number[] = [];
  for (const one of [load, bareLoad]) await one.answer(warmFrames);
  for (let turn = 0; turn < turns; turn += 1) {
    say(`server: storm, turn ${turn + 1} of ${turns}`);
    ours.push(await stormMs({ load, port: server.port, name: `storm-${turn}` }));
    bare.push(await stormMs({ load: bareLoad, port: bareServer.port, name: `storm-${turn}` }));
  }
  const words = '1,000 connections at once while busy, until the last is registered';
  return [
    { name: `server: ${words}`, unit: 'ms', runs: ours, limit: 1_000, aim: 300 },
    { name: `bare server: ${words}`, unit: 'ms', runs: bare },
  ];
}

/** Units of new names, so that each is stored. They leave without a word. */
async function stormMs({ load, port, name }: { load: Load; port: number; name: string }): Promise<number> {
  const busy = load.keepBusy();
  await sleep(busyMs);
  using storm = await startLoad(port, { name, connections: stormConnections, diallingMax: stormConnections });
  await busy.rest();
  return storm.readyMs;
}
