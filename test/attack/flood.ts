import { parseArgs } from 'node:util';
import { openBattlefield } from './battlefield.ts';
import { besiege, type AttackPlan } from './siege.ts';

// `node test/attack/flood.ts [--seconds 20] [--load 1]`: a server under all attacks at once; `--load 0.05` is a twentieth of them, to try it out. Needs a machine that has nothing
// else to do, and for all silent connections as many open files as there are (`ulimit -n`): fewer are said. Prints where it takes place, then the outcome. Ends with 1 where a
// reading was lost or the honest clients' p99 more than tripled, and with 2 where it was interrupted.

/** What honest clients may have to wait longer for, of what they wait else. */
const slowdownMax = 3;
const unfoldSeconds = 20;

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '20' }, load: { type: 'string', default: '1' } },
});
const load = Number(values.load);
const connections = (count: number): number => Math.ceil(count * load);
const attacks: readonly AttackPlan[] = [
  // 20,000, by two: one would need as many open files for himself.
  { kind: 'silent', addresses: 8, connections: connections(10_000), perSecond: 1_000 * load },
  { kind: 'silent', addresses: 8, connections: connections(10_000), perSecond: 1_000 * load },
  { kind: 'registrations', addresses: 4, connections: 0, perSecond: 200 * load },
  { kind: 'garbage', addresses: 4, connections: 0, perSecond: 200 * load },
  { kind: 'slow-readers', addresses: 4, connections: connections(200), perSecond: 50 * load },
  { kind: 'datagrams', addresses: 1, connections: 0, perSecond: 2_000 * load },
];

using field = openBattlefield(attacks.length);
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interruption.abort());
const { place, reason } = field;
console.log(JSON.stringify({ event: 'begun', place, ...(reason !== undefined && { reason }), load }));
try {
  const { calm, besieged, reaped, events, residentMiBMax, problems } = await besiege(
    {
      clients: 100,
      readingsPerSecond: 1_000,
      seconds: Number(values.seconds),
      unfoldSeconds,
      attacks,
      settings: { TELEMETRY_LIMITS_UNITS: '2000' },
    },
    field,
    interruption.signal,
  );
  const slowdown = (besieged.latency_ms.p99 ?? Number.POSITIVE_INFINITY) / (calm.latency_ms.p99 ?? 0);
  if (!(slowdown <= slowdownMax))
    problems.push(`the p99 of honest clients is ${slowdown.toFixed(1)} times what it was`);
  const acknowledged = { calm: calm.acknowledged, besieged: besieged.acknowledged };
  const latency = { calm: calm.latency_ms, besieged: besieged.latency_ms, slowdown };
  console.log(JSON.stringify({ place, acknowledged, latency, residentMiBMax, reaped, events, problems }, undefined, 2));
  process.exitCode = problems.length === 0 ? 0 : 1;
} catch (error) {
  if (!interruption.signal.aborted) throw error;
  console.error('Interrupted.');
  process.exitCode = 2;
}
