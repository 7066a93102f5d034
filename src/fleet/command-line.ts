import { parseArgs } from 'node:util';
import { portDefault, serverAddress } from '../config/kinds/address.ts';
import { CodedError } from '../core/coded-error.ts';
import type { FleetOptions } from './fleet.ts';

/** More clients than that do not fit into the ports of one address. */
const clientsMax = 60_000;
const readingsPerSecondMax = 1_000_000;
const threadsMax = 64;
const nameForm = /^[A-Za-z0-9._-]{1,40}$/;

export interface FleetCommand {
  readonly type: 'run';
  readonly options: FleetOptions;
  /** Undefined: until it is told to leave. */
  readonly durationMs: number | undefined;
  readonly json: boolean;
  readonly ledgerFile: string | undefined;
}

export type FleetCommandLine = FleetCommand | { readonly type: 'print'; readonly text: string };

export interface FleetCommandLineOptions {
  readonly argv: readonly string[];
  readonly version: string;
  /** Processors of this machine. */
  readonly processors: number;
  /** A seed, where none is given. */
  readonly drawSeed: () => number;
}

/** Reads the command line. Throws CodedError `bad-usage` with exit code 2. */
export function readFleetCommandLine({
  argv,
  version,
  processors,
  drawSeed,
}: FleetCommandLineOptions): FleetCommandLine {
  const values = parse(argv);
  if (values.help === true) return { type: 'print', text: help };
  if (values.version === true) return { type: 'print', text: `${version}\n` };
  if (values.server === undefined) throw badUsage('--server HOST:PORT is missing');
  const address = serverAddress.parse(values.server, place);
  if (address.ok && address.value.scheme === 'tls') {
    throw badUsage(`--server is ${JSON.stringify(values.server)}; the fleet speaks plain TCP alone: HOST or HOST:PORT`);
  }
  if (!address.ok) throw badUsage(`--server is ${JSON.stringify(values.server)}; ${address.fault}`);
  const whole = (flag: 'clients' | 'threads' | 'seed', from: number, to: number, other: number): number =>
    numberOf(flag, values[flag], { from, to, whole: true }) ?? other;
  const clients = whole('clients', 1, clientsMax, 100);
  // Half of the processors are the server's, where it runs on the same machine.
  const threads = Math.min(
    clients,
    whole('threads', 1, threadsMax, Math.min(4, Math.max(1, Math.floor(processors / 2)))),
  );
  const rate = values.rate === 'closed' ? undefined : values.rate;
  const seconds = numberOf('duration', values.duration, { from: 0.1, to: 31_536_000 });
  if (values.name !== undefined && !nameForm.test(values.name)) {
    throw badUsage(
      `--name is ${JSON.stringify(values.name)}; it is 1 to 40 letters, digits, dots, underscores and hyphens`,
    );
  }
  return {
    type: 'run',
    options: {
      host: address.value.host,
      port: address.value.port,
      clients,
      threads,
      readingsPerSecond: numberOf('rate', rate, { from: 0.001, to: readingsPerSecondMax }),
      loss: lossOf(values.loss ?? '0'),
      seed: whole('seed', 0, 2 ** 32 - 1, drawSeed()),
      name: values.name ?? 'fleet',
      warmUpMs: (numberOf('warm-up', values['warm-up'], { from: 0, to: 3_600 }) ?? 0) * 1_000,
    },
    durationMs: seconds === undefined ? undefined : seconds * 1_000,
    json: values.json === true,
    ledgerFile: values.ledger,
  };
}

/** No path is read, so no folder counts. */
const place = { resolvePath: (path: string): string => path };

const flags = {
  server: { type: 'string' },
  clients: { type: 'string' },
  rate: { type: 'string' },
  loss: { type: 'string' },
  seed: { type: 'string' },
  duration: { type: 'string' },
  'warm-up': { type: 'string' },
  threads: { type: 'string' },
  name: { type: 'string' },
  ledger: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ readonly options: typeof flags }>>['values'];

function parse(argv: readonly string[]): Values {
  try {
    return parseArgs({ args: [...argv], options: flags, strict: true, allowPositionals: false }).values;
  } catch (error) {
    // What Node.js says of an argument is a sentence for people.
    throw badUsage(error instanceof Error ? error.message.replace(/\.( .*)?$/s, '') : String(error));
  }
}

function numberOf(
  flag: string,
  text: string | undefined,
  { from, to, whole = false }: { readonly from: number; readonly to: number; readonly whole?: boolean },
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= from && value <= to && (!whole || Number.isInteger(value))) return value;
  const or = flag === 'rate' ? ', or "closed"' : '';
  throw badUsage(
    `--${flag} is ${JSON.stringify(text)}; it is a ${whole ? 'whole ' : ''}number from ${from} to ${to}${or}`,
  );
}

/** `0.01` or `1%`. */
function lossOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
  const share = match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  // With all of them cut, nothing would ever be answered.
  if (share >= 0 && share <= 0.5) return share;
  throw badUsage(`--loss is ${JSON.stringify(text)}; it is a share from 0 to 0.5, such as 0.001 or 0.1%`);
}

function badUsage(reason: string): CodedError {
  return new CodedError('bad-usage', `${reason}. telemetry-fleet --help shows what there is.`, { exitCode: 2 });
}

const help = `telemetry-fleet --server HOST[:PORT] [OPTIONS]

Simulates many clients on a telemetry server, and tells how it answers. They are units of their own on
that server, and their readings are stored there like all others.

  --server HOST[:PORT]  the server; the port is ${portDefault} unless it is given
  --clients COUNT       how many units (100)
  --rate RATE           readings a second of all together, each due at its own moment, however late the
                        answers are; or "closed": each unit sends when it has been answered (closed)
  --loss SHARE          the chance that sending a reading cuts its connection: 0.001 or 0.1% (0)
  --seed NUMBER         rules what is cut (drawn, and told in the summary)
  --duration SECONDS    how long (until Ctrl-C); what is under way then is answered first
  --warm-up SECONDS     what is due in the first seconds does not count for the latency (0)
  --threads COUNT       threads (half of the processors, at most 4)
  --name NAME           units are called NAME-1, NAME-2 … (fleet)
  --ledger FILE         writes what each unit was answered, a unit a line, as JSON
  --json                prints the summary as JSON
  --help, --version

Exit code: 0 all answers were right, 1 a wrong one came or no unit could register, 2 wrong usage.
`;
