import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LedgerLine } from '../../src/fleet/ledger.ts';
import type { Summary } from '../../src/fleet/summary.ts';
import { compare, readStored } from '../crash/stored.ts';
import { startProgram, type Program } from '../program.ts';
import type { Attack } from './attackers.ts';
import type { Battlefield, Side } from './battlefield.ts';

/** An attacker to be, with as many addresses. */
export interface AttackPlan extends Pick<Attack, 'kind' | 'connections' | 'perSecond'> {
  readonly addresses: number;
}

/** How a server is attacked, and for how long. */
export interface SiegePlan {
  /** Units of honest clients, and their readings a second, of all together. */
  readonly clients: number;
  readonly readingsPerSecond: number;
  /** Of each of the two measurements: before the attack, and in its midst. */
  readonly seconds: number;
  /** For the attack to unfold. */
  readonly unfoldSeconds: number;
  readonly attacks: readonly AttackPlan[];
  /** Settings of the server, as variables of its environment. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface SiegeOutcome {
  readonly calm: Summary;
  readonly besieged: Summary;
  /** What each attacker got, in the order of the plan. */
  readonly reaped: readonly Readonly<Record<string, unknown>>[];
  /** Events of the server, by name. */
  readonly events: Readonly<Record<string, number>>;
  /** The most memory that the server had, where the system tells. */
  readonly residentMiBMax: number | undefined;
  /** What was lost, in words; empty when the promise held. */
  readonly problems: string[];
}

const program = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const role = program('attack-role.ts');
const binaries = {
  server: program('../../src/bin/telemetry-server.ts'),
  client: program('../../src/bin/telemetry-client.ts'),
  fleet: program('../../src/bin/telemetry-fleet.ts'),
};

/**
 * A server, honest clients and attackers, each in a process of its own, on the battlefield. The honest clients are measured alone and then among the attackers, and at the end the
 * store is compared with what was acknowledged to them. The datagrams of an attacker go to the UDP port of a telemetry-client that reports all the while. Rejects when `signal` is
 * aborted; in any case all programs have ended then.
 */
export async function besiege(plan: SiegePlan, field: Battlefield, signal?: AbortSignal): Promise<SiegeOutcome> {
  const folder = await mkdtemp(join(tmpdir(), 'telemetry-siege-'));
  await using programs = new AsyncDisposableStack();
  programs.defer(() => rm(folder, { recursive: true }));
  // Whoever waits for one of them hears that it has ended.
  signal?.addEventListener('abort', () => void programs.disposeAsync());
  const start: Start = (side, [file, ...args], env = {}) => {
    const [command, ...rest] = field.command(side, [process.execPath, file, ...args]);
    return programs.use(startProgram({ command, args: rest, env }));
  };
  const place: Place = { plan, field, folder, start };

  const server = startServer(place);
  const { port } = await server.event({ event: 'listening', listener: 'tcp' });
  const address = `${field.serverHost}:${String(port)}`;
  const client = startClient(address, place);
  const { port: datagramPort } = await server.event({ event: 'registered', unit: 'besieged-client' });

  const calm = await startFleet({ name: 'calm', address, warmUpSeconds: 0 }, place)();
  const fleet = startFleet({ name: 'besieged', address, warmUpSeconds: plan.unfoldSeconds }, place);
  // Who is inside when the attack begins is served; who comes later may be told to come again.
  for (let number = 1; number <= plan.clients; number += 1)
    await server.event({ event: 'registered', unit: `besieged-${number}` });
  const ports = { server: Number(port), honest: Number(datagramPort) };
  const attackers = plan.attacks.map((attack, number) => startAttacker(attack, { number, ports }, place));
  const besieged = await fleet();
  const residentMiBMax = residentMiB(server.pid);
  const reaped = await Promise.all(attackers.map(endAttacker));

  const problems = [...clientProblems(client, await client.stop())];
  const { code } = await server.stop({ withinMs: 30_000 });
  if (code !== 0) problems.push(`the server left with exit code ${code}: ${server.errors()}`);
  for (const { summary, name } of [calm, besieged]) problems.push(...fleetProblems(summary, name));
  const stored = readStored(join(folder, 'server', 'store'));
  const honest = [...calm.ledger, ...besieged.ledger];
  problems.push(...stored.problems.filter((words) => honest.some(({ client_id: id = '' }) => words.includes(id))));
  problems.push(...compare(honest, stored));
  problems.push(...neglected(server));
  const events = eventsOf(server);
  return { calm: calm.summary, besieged: besieged.summary, reaped, events, residentMiBMax, problems };
}

type Start = (side: Side, program: readonly [string, ...string[]], env?: Readonly<Record<string, string>>) => Program;

interface Place {
  readonly plan: SiegePlan;
  readonly field: Battlefield;
  readonly folder: string;
  readonly start: Start;
}

function startServer({ plan, field, folder, start }: Place): Program {
  const args = ['--listen', 'tcp://0.0.0.0:0', '--http', 'off', '--data-dir', join(folder, 'server')];
  // A log file takes the `reading` lines, and standard output has all others.
  const logging = ['--log-format', 'json', '--log-file', join(folder, 'server.log')];
  const env = { TELEMETRY_STORE_KIND: 'sqlite', ...field.settings, ...plan.settings };
  return start('server', [binaries.server, ...args, ...logging], env);
}

function startClient(address: string, { folder, start }: Place): Program {
  const args = ['--server', address, '--name', 'besieged-client', '--state-dir', join(folder, 'client')];
  return start('honest', [binaries.client, ...args, '--log-format', 'json']);
}

function startAttacker(
  { addresses, ...attack }: AttackPlan,
  { number, ports }: { readonly number: number; readonly ports: Readonly<Record<'server' | 'honest', number>> },
  { field, start }: Place,
): Program {
  const target = attack.kind === 'datagrams' ? 'honest' : 'server';
  const whole: Attack = {
    ...attack,
    number,
    port: ports[target],
    ...field.route({ number, addresses, target }),
  };
  return start('attackers', [role, JSON.stringify(whole)]);
}

async function endAttacker(attacker: Program): Promise<Readonly<Record<string, unknown>>> {
  await attacker.stop();
  const last = attacker.events.at(-1);
  if (last === undefined) throw new Error(`an attacker that told nothing: ${attacker.errors()}`);
  return last;
}

function clientProblems(client: Program, { code }: { readonly code: number | null }): readonly string[] {
  const { events } = client;
  const problems = code === 0 ? [] : [`the client left with exit code ${code}: ${client.errors()}`];
  if (events.filter(({ event }) => event === 'connected').length !== 1) problems.push('the client lost its connection');
  if (events.some(({ event }) => event === 'interval-changed')) problems.push('the client obeyed a forged update');
  // What it measured in the moment of leaving stays in its spool.
  const stopped = events.find(({ event }) => event === 'stopped');
  if (stopped?.['confirmed'] !== true) problems.push('nobody confirmed that the client left');
  return problems;
}

interface FleetRun {
  readonly name: string;
  readonly summary: Summary;
  readonly ledger: readonly LedgerLine[];
}

/** Starts it; what is answered waits for its end. */
function startFleet(
  { name, address, warmUpSeconds }: { readonly name: string; readonly address: string; readonly warmUpSeconds: number },
  { plan, folder, start }: Place,
): () => Promise<FleetRun> {
  const file = join(folder, `${name}.ledger`);
  const size = ['--clients', plan.clients, '--rate', plan.readingsPerSecond, '--threads', 1].map(String);
  const time = ['--duration', String(warmUpSeconds + plan.seconds), '--warm-up', String(warmUpSeconds)];
  const named = ['--name', name, '--ledger', file, '--json'];
  const fleet = start('honest', [binaries.fleet, '--server', address, ...size, ...time, ...named]);
  return async () => {
    await fleet.ended;
    const [summary] = fleet.events;
    if (summary === undefined) throw new Error(`a fleet without a summary: ${fleet.errors()}`);
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    return {
      name,
      summary: summary as unknown as Summary,
      ledger: lines.map((line) => JSON.parse(line) as LedgerLine),
    };
  };
}

function fleetProblems({ unanswered, refused, broken, wrong }: Summary, name: string): readonly string[] {
  return Object.entries({ unanswered, refused, broken, wrong }).flatMap(([what, count]) =>
    count === 0 ? [] : [`${name}: ${count} ${what}`],
  );
}

/** How often the server told each event. */
function eventsOf({ events }: Program): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { event } of events) counts[String(event)] = (counts[String(event)] ?? 0) + 1;
  return counts;
}

/** Honest units that were not served for a while. */
function neglected({ events }: Program): readonly string[] {
  return events
    .filter(({ event, unit }) => (event === 'late' || event === 'lost') && /^(calm|besieged)-/.test(String(unit)))
    .map(({ event, unit }) => `${String(unit)} was ${String(event)}`);
}

function residentMiB(pid: number): number | undefined {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return undefined;
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(file, 'utf8')) ?? [];
  return kibibytes === undefined ? undefined : Math.round(Number(kibibytes) / 1_024);
}
