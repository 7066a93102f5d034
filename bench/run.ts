/**
 * The figures of docs/benchmarks.md: what the client and the server cost, from the packed `dist/`, beside bare programs of the
 * same Node.js. Prints a table and writes JSON. Ends with exit code 1 where a measurement failed; the others are printed all the same.
 *
 *     npm run bench -- [--quick] [--only NAME] [--peers] [--package FOLDER | --source] [--folder FOLDER] [--output FILE]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machineOf } from './bench-machine.ts';
import { measureClient } from './client-cost.ts';
import { measureStart } from './client-start.ts';
import { measureConnections } from './connections.ts';
import { missed, tableOf, type Figure } from './figure.ts';
import { measureHistory } from './history.ts';
import { isInMemory } from './log-folder.ts';
import type { MeasureOptions } from './measure.ts';
import { measureOpenLoop } from './open-loop.ts';
import { packTo } from './pack.ts';
import { measurePage } from './page/measure-page.ts';
import { measurePeers } from './peer-cost.ts';
import { packedPrograms, sourcePrograms } from './programs.ts';
import { measureServer } from './server-cost.ts';
import { measureStorm } from './storm.ts';
import { measureTls } from './tls-cost.ts';

const measures: Readonly<Record<string, (options: MeasureOptions) => Promise<readonly Figure[]>>> = {
  client: measureClient,
  start: measureStart,
  server: measureServer,
  open: measureOpenLoop,
  history: measureHistory,
  connections: measureConnections,
  storm: measureStorm,
  tls: measureTls,
  page: measurePage,
  peers: measurePeers,
};

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    peers: { type: 'boolean', default: false },
    package: { type: 'string' },
    source: { type: 'boolean', default: false },
    folder: { type: 'string', default: tmpdir() },
    output: { type: 'string', default: fileURLToPath(new URL('latest.json', import.meta.url)) },
  },
});
const only = values.peers ? 'peers' : values.only;
if (process.platform !== 'linux') {
  console.error('The bench reads /proc, so it runs on Linux.');
  process.exit(2);
}
if (only !== undefined && !(only in measures)) {
  console.error(`--only ${only}: it is one of ${Object.keys(measures).join(', ')}.`);
  process.exit(2);
}

const folder = mkdtempSync(join(resolve(values.folder), 'telemetry-bench-'));
try {
  const notes = new Set<string>();
  const note = (sentence: string): void => void notes.add(sentence);
  if (values.source) note('From the source, whose types Node.js strips at each start: not to be quoted.');
  if (isInMemory(folder)) note('The folder is in memory, where a sync costs nothing: give --folder one on a disk.');
  const packed = (): string => (values.package === undefined ? packTo(folder) : resolve(values.package));
  const programs = values.source ? sourcePrograms : packedPrograms(packed());
  const startedMs = performance.now();
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(measures)) {
    // Other people's servers are measured where they are asked for.
    if (only === undefined ? name === 'peers' : name !== only) continue;
    const options = { programs, folder, quick: values.quick, say: (text: string) => console.error(text), note };
    try {
      figures.push(...(await measure(options)));
    } catch (error) {
      process.exitCode = 1;
      console.error(error);
      note(`FAILED: ${name}, ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const machine = machineOf();
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  console.log(`${machine.text}; ${seconds} s${values.quick ? ', quick' : ''}\n\n${tableOf(figures)}`);
  for (const sentence of [...notes, ...missed(figures)]) console.log(sentence);
  const results = {
    taken: new Date().toISOString(),
    quick: values.quick,
    seconds,
    machine,
    notes: [...notes],
    figures,
  };
  writeFileSync(values.output, `${JSON.stringify(results, undefined, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
