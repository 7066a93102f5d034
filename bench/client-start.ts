import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startAnsweringServer } from './answering-server.ts';
import { Child } from './child.ts';
import { ratios, type Figure } from './figure.ts';
import type { MeasureOptions } from './measure.ts';

/** The idle program of the issue, once it has shown that it runs. */
const printingProgram = 'console.log("runs");setInterval(()=>{},1e3)';

/** From launch to the first byte of `!RGTR` at the server, over the time in which an idle Node.js prints a line. */
export async function measureStart({ programs, folder, quick, say }: MeasureOptions): Promise<readonly Figure[]> {
  const runs = quick ? 10 : 30;
  say(`client: start, ${runs} runs`);
  await using server = await startAnsweringServer(10);
  const stateFolder = join(folder, 'client-start');
  const launch = async (): Promise<number> => {
    const arrived = server.firstByte();
    const startedMs = performance.now();
    await using _client = new Child([
      programs.bin('telemetry-client'),
      '--server',
      `127.0.0.1:${server.port}`,
      '--name',
      'start',
      '--state-dir',
      stateFolder,
    ]);
    return (await arrived) - startedMs;
  };
  const bare: number[] = [];
  const first: number[] = [];
  const later: number[] = [];
  // Once each, uncounted: files come from the disk the first time.
  await printLine();
  await launch();
  for (let run = 0; run < runs; run += 1) {
    bare.push(await printLine());
    rmSync(stateFolder, { recursive: true });
    first.push(await launch());
    later.push(await launch());
  }
  return [
    { name: 'bare Node.js: launch to a printed line', unit: 'ms', runs: bare },
    { name: 'client, without state: launch to first byte at the server', unit: 'ms', runs: first },
    { name: 'client: launch to first byte at the server', unit: 'ms', runs: later },
    { name: 'client, without state: launch over bare', unit: '×', runs: ratios(first, bare), limit: 4, aim: 2 },
    { name: 'client: launch over bare', unit: '×', runs: ratios(later, bare), limit: 4, aim: 2 },
  ];
}

async function printLine(): Promise<number> {
  const startedMs = performance.now();
  await using child = new Child(['-e', printingProgram]);
  await child.line(/runs\n/);
  return performance.now() - startedMs;
}
