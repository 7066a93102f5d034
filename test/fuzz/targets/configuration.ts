import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { CodedError } from '../../../src/core/coded-error.ts';
import { clientProgram } from '../../../src/config/client-program.ts';
import { flagOf } from '../../../src/config/setting.ts';
import { serverProgram } from '../../../src/config/server-program.ts';
import { client, server } from '../../config/told.ts';
import { hostileText } from '../../session/hostile-text.ts';
import { kindOf, must, textOf, type Target } from '../target.ts';

/** What a program may take to understand, or to refuse, what it is told: in CPU time, so that a busy machine is no fault. */
const cpuMsMax = 100;
const argumentsMax = 64;
const settings = [...Object.values(serverProgram.settings), ...Object.values(clientProgram.settings)];
const keys = [...new Set(settings.map(({ key }) => key))];
const values = [
  '10',
  '0.1',
  '"10"',
  'true',
  'null',
  'x',
  '127.0.0.1:1',
  '"[::1]:1"',
  'tcp://[::]:1',
  'tls://0.0.0.0:1',
  '10MiB',
  '90d',
  '[]',
  '{}',
  '- a',
  '*a',
  '&a b',
  '!!binary x',
  '|',
  '>-',
  '1e400',
  '0x1f',
  '.inf',
  '~',
  '---',
  '...',
  '%YAML 1.2',
  '? a',
  '<<: *a',
  '\t',
];
const commands = [
  'config check',
  'config print',
  'completion',
  'sensors',
  '--help',
  '--version',
  '--get-yargs-completions',
];

/** The example of every setting, as the documentation has it. */
const example = keys
  .flatMap((key) => {
    const setting = settings.find((one) => one.key === key);
    return setting === undefined || key.includes('.') ? [] : [`${key}: ${JSON.stringify(setting.example)}`];
  })
  .join('\n');

let folder: string | undefined;

/**
 * Arguments, environment and a file are understood, or refused with exit code 2 and words, in less than a tenth of a second. The first line is the program, then an
 * argument a line (`NAME=VALUE` in capitals is a variable), and behind `---` the file.
 */
export const configuration: Target = {
  seeds: [
    'server\n---\nlisten:\n  - tcp://[::]:34567\nhttp: 127.0.0.1:8080\ninterval: 10\nlog:\n  level: info\n',
    `server\nconfig\nprint\n---\n${example}\n`,
    'client\n--server=192.0.2.1:34567\nTELEMETRY_INTERVAL=5\n---\nname: bench-03\n',
    'client\nsensors\n--json\n--root=/x\n---\n',
    'server\nconfig\ncheck\n--listen\ntls://[::1]:0\n--http\noff\n---\nauth:\n  mode: tofu\ntls: {}\n',
    'server\n---\na: &a [*a]\nlistne: "\\u0000"\nlisten: [[[[[[[[]]]]]]]]\n',
  ],
  words: [
    ...keys.flatMap((key) => [
      `${key.split('.').at(-1)}: `,
      `--${flagOf(key)}=`,
      `TELEMETRY_${key.toUpperCase().replaceAll('.', '_')}=`,
    ]),
    ...values,
    ...commands.map((command) => command.replace(' ', '\n')),
    '\n',
    '  ',
    '\n  ',
  ],
  generated: fc
    .record({
      program: fc.constantFrom('server', 'client'),
      argv: fc.array(
        fc.oneof(
          fc.constantFrom(...commands),
          fc
            .tuple(fc.constantFrom(...keys), fc.constantFrom(...values))
            .map(([key, value]) => `--${flagOf(key)}=${value}`),
          fc.string({ maxLength: 12 }),
        ),
        { maxLength: 3 },
      ),
      file: fc.oneof(
        fc
          .array(fc.tuple(fc.constantFrom(...keys), fc.oneof(fc.constantFrom(...values), fc.json())))
          .map((pairs) => yamlOf(pairs)),
        hostileText.map((text) => text.slice(0, 6_000)),
      ),
    })
    .map(({ program, argv, file }) => [program, ...argv, '---', file].join('\n')),
  async run(input) {
    folder ??= await prepared();
    const told = toldIn(input);
    let outcome = await timed(told);
    // Twice more where it took long: what collects garbage meanwhile, or compiles, is not the configuration's.
    for (let again = 0; again < 2 && outcome.cpuMs > cpuMsMax; again += 1) {
      const { cpuMs, words } = await timed(told);
      outcome = { words, cpuMs: Math.min(cpuMs, outcome.cpuMs) };
    }
    must(outcome.cpuMs <= cpuMsMax, `it takes ${cpuMsMax} ms at most, not ${Math.round(outcome.cpuMs)}`);
    return outcome.words;
  },
  close() {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  },
};

interface Told {
  readonly program: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly file: Uint8Array;
}

function toldIn(input: Uint8Array): Told {
  const bytes = Buffer.from(input);
  const split = bytes.indexOf('\n---\n');
  const text = textOf(split < 0 ? bytes : bytes.subarray(0, split));
  const [program = '', ...lines] = text.split('\n', argumentsMax);
  const argv = lines.filter((line) => !/^[A-Z_]+=/.test(line));
  const pairs = lines
    .filter((line) => !argv.includes(line))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  return {
    program,
    argv,
    env: Object.fromEntries(pairs),
    file: split < 0 ? new Uint8Array() : bytes.subarray(split + 5),
  };
}

/** The libraries are loaded before anything is measured. */
async function prepared(): Promise<string> {
  folder = mkdtempSync(join(tmpdir(), 'telemetry-fuzz-'));
  for (const argv of [[], ['--help'], ['completion'], ['config', 'print']])
    await timed({ program: 'server', argv, env: {}, file: Buffer.from('a: "\\u0000"\n') });
  await timed({ program: 'client', argv: ['--help'], env: {}, file: Buffer.from('listen: [x]') });
  return folder;
}

async function timed({ program, argv, env, file }: Told): Promise<{ readonly words: string; readonly cpuMs: number }> {
  const cwd = folder ?? '';
  if (file.length > 0) writeFileSync(join(cwd, 'f.yaml'), file);
  const all = file.length === 0 ? argv : ['--config=f.yaml', ...argv];
  const from = process.threadCpuUsage();
  const words = await outcomeOf(program === 'client' ? client(all, { env, cwd }) : server(all, { env, cwd }));
  const { user, system } = process.threadCpuUsage(from);
  return { words, cpuMs: (user + system) / 1_000 };
}

async function outcomeOf(command: Promise<{ readonly type: string }>): Promise<string> {
  try {
    return (await command).type;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    must(error.exitCode === 2, 'a configuration is refused with exit code 2');
    must(
      error.code === 'bad-usage' || error.code === 'bad-configuration',
      `${error.code} is no code of a configuration`,
    );
    const lines = error.message.split('\n');
    must(
      lines.length <= 21 && lines.every((line) => line !== '' && line.length < 4_000),
      'a fault is a line, and few are told',
    );
    return `${error.code} ${kindOf(lines[0] ?? '')}`;
  }
}

function yamlOf(pairs: readonly (readonly [string, string])[]): string {
  return pairs
    .map(([key, value]) => {
      const [name = '', group] = key.split('.').toReversed();
      return group === undefined ? `${name}: ${value}` : `${group}:\n  ${name}: ${value}`;
    })
    .join('\n');
}
