/**
 * The figures of docs/benchmarks.md: what the client and the server cost, from the packed `dist/`, beside bare programs of the
 * same Node.js. Prints a table and writes JSON.
 *
 *     npm run bench -- [--quick] [--only client|start|server] [--package FOLDER] [--output FILE]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machineOf } from './bench-machine.ts';
import { measureClient } from './client-cost.ts';
import { measureStart } from './client-start.ts';
import { missed, tableOf, type Figure } from './figure.ts';
import { packTo } from './pack.ts';
import { measureServer } from './server-cost.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    package: { type: 'string' },
    output: { type: 'string', default: fileURLToPath(new URL('latest.json', import.meta.url)) },
  },
});
if (process.platform !== 'linux') {
  console.error('The bench reads /proc, so it runs on Linux.');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'telemetry-bench-'));
try {
  const packed = values.package === undefined ? packTo(folder) : resolve(values.package);
  const measures = { client: measureClient, start: measureStart, server: measureServer };
  const startedMs = performance.now();
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(measures)) {
    if (values.only !== undefined && values.only !== name) continue;
    figures.push(...(await measure({ packed, folder, quick: values.quick, say: (text) => console.error(text) })));
  }
  const machine = machineOf();
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  console.log(`${machine.text}; ${seconds} s${values.quick ? ', quick' : ''}\n\n${tableOf(figures)}`);
  for (const sentence of missed(figures)) console.log(sentence);
  const results = { taken: new Date().toISOString(), quick: values.quick, seconds, machine, figures };
  writeFileSync(values.output, `${JSON.stringify(results, undefined, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
