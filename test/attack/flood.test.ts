import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { startProgram } from '../program.ts';
import { loopbackBattlefield, openBattlefield, type Battlefield } from './battlefield.ts';
import { besiege, type AttackPlan } from './siege.ts';

const flood = fileURLToPath(new URL('flood.ts', import.meta.url));
const attacks: readonly AttackPlan[] = [
  { kind: 'silent', addresses: 4, connections: 400, perSecond: 400 },
  { kind: 'registrations', addresses: 1, connections: 0, perSecond: 60 },
  { kind: 'garbage', addresses: 1, connections: 0, perSecond: 40 },
  { kind: 'slow-readers', addresses: 1, connections: 10, perSecond: 20 },
  { kind: 'datagrams', addresses: 1, connections: 0, perSecond: 200 },
];

async function expectToStand(field: Battlefield): Promise<void> {
  const { besieged, reaped, events, residentMiBMax, problems } = await besiege(
    {
      clients: 20,
      readingsPerSecond: 200,
      seconds: 2,
      unfoldSeconds: 5,
      attacks,
      settings: {
        TELEMETRY_LIMITS_CONNECTIONS: '450',
        TELEMETRY_LIMITS_CONNECTIONS_PER_ADDRESS: '80',
        TELEMETRY_LIMITS_UNREGISTERED: '250',
        TELEMETRY_LIMITS_REGISTRATIONS_PER_MINUTE: '100',
        TELEMETRY_LIMITS_FRAMES_PER_SECOND: '500',
        TELEMETRY_LIMITS_UNITS: '100',
      },
    },
    field,
  );
  expect(problems).toEqual([]);
  // Two seconds of 200 a second and what came before, give or take what a busy machine makes of them.
  expect(besieged.acknowledged).toBeGreaterThan(800);
  // An event a kind and address: what comes again is counted, and said a minute later.
  expect(events['connection-refused']).toBeGreaterThan(0);
  expect(events['connection-refused']).toBeLessThan(20);
  const [silent, registrations, garbage, slow] = reaped;
  for (const one of [silent, registrations, garbage]) expect(Number(one?.['refused'])).toBeGreaterThan(0);
  expect(slow?.['openMax']).toBeGreaterThan(0);
  expect(residentMiBMax ?? 0).toBeLessThan(400);
}

// Where network namespaces are permitted, the first is in them; where not, it is told as what the second is.
test('while a server is flooded with connections, registrations, garbage, slow readers and datagrams, honest clients lose nothing', async () => {
  using field = openBattlefield(attacks.length);
  await expectToStand(field);
});

test('nor do they when all is on loopback, whose addresses are limited on demand', async () => {
  using field = loopbackBattlefield('for once');
  await expectToStand(field);
});

test('a flood that is interrupted leaves no namespace and no program behind', async () => {
  await using program = startProgram({ command: process.execPath, args: [flood, '--load', '0.01'] });
  const { place } = await program.event({ event: 'begun' });
  const owned = (): readonly string[] => namespaces().filter((name) => name.startsWith(`siege-${program.pid}-`));
  expect(owned()).toHaveLength(place === 'namespaces' ? 3 : 0);
  const server = await vi.waitUntil(() => childOf(program.pid), { timeout: 10_000 });
  expect(await program.stop({ signal: 'SIGINT' })).toEqual({ code: 2, signal: null });
  expect(program.errors()).toBe('Interrupted.\n');
  expect(owned()).toEqual([]);
  expect(existsSync(`/proc/${server}`)).toBe(false);
});

function childOf(pid: number): string | undefined {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0];
}

/** By name; none where there is no `ip`. */
function namespaces(): readonly string[] {
  const { stdout } = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  return (stdout ?? '').split('\n').flatMap((line) => line.split(' ')[0] ?? []);
}
