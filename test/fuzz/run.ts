import { parseArgs } from 'node:util';
import { campaign, type Result } from './campaign.ts';
import { keep, readFound, writeFound } from './inputs.ts';
import { targetNamed, targets } from './targets.ts';

const usage = `Gives the parts of the program that read what others wrote any input at all.

  --minutes N      how long, for all targets together (1)
  --target NAME    one of: ${targets.map(({ name }) => name).join(', ')}
  --seed S         makes the same inputs again (drawn anew)
  --grow           keeps up to 20 short inputs a target that lead to what no kept one does
  --input FILE     runs one input of test/fuzz/found again
  --keep FILE      puts it among the inputs that every run of the tests begins with
`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    target: { type: 'string' },
    seed: { type: 'string' },
    grow: { type: 'boolean', default: false },
    input: { type: 'string' },
    keep: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const growMax = 20;

if (values.help) console.log(usage);
else if (values.keep !== undefined) keepFound(values.keep);
else if (values.input !== undefined) await runFound(values.input);
else await runAll();

async function runAll(): Promise<void> {
  const chosen = values.target === undefined ? targets : [targetNamed(values.target)];
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
  const runMsMax = (Number(values.minutes) * 60_000) / chosen.length;
  if (!(runMsMax > 0) || !Number.isSafeInteger(seed)) throw new Error('--minutes and --seed are numbers above 0');
  console.log(`seed ${seed}`);
  const lines: string[] = [];
  for (const { name } of chosen) {
    const result = await campaign({ target: name, seed, runMsMax, growBy: values.grow ? growMax : 0 });
    for (const file of result.kept) console.log(`${name}: kept ${file}`);
    sayFalls(name, result);
    const aSecond = Math.round((result.cases * 1_000) / Math.max(1, result.runMs));
    const counts = [result.cases, aSecond, result.outcomes, result.falls.length];
    lines.push(`${name.padEnd(16)}${counts.map((count) => String(count).padStart(12)).join('')}`);
  }
  console.log(`\n${'target'.padEnd(16)}       cases    a second    outcomes        fell\n${lines.join('\n')}`);
}

/** Writes each input that fell, and says how to go on from there. */
function sayFalls(name: string, { falls }: Result): void {
  for (const { input, words } of falls) {
    const file = writeFound(name, input);
    console.log(`${name} fell:\n${words.replaceAll(/^/gm, '  ')}\n`);
    console.log(`  again: npm run fuzz -- --input ${file}\n  keep:  npm run fuzz -- --keep ${file}\n`);
    process.exitCode = 1;
  }
}

/** In this process, so that a debugger can be at hand. */
async function runFound(file: string): Promise<void> {
  const { target, input } = readFound(file);
  const loaded = await targetNamed(target).load();
  try {
    await loaded.open?.();
    console.log(`${target}: ${await loaded.run(input)}`);
  } finally {
    await loaded.close?.();
  }
}

function keepFound(file: string): void {
  const { target, input } = readFound(file);
  console.log(`kept as ${keep(target, input)}`);
}
