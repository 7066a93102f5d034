import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Battlefield, Side } from './battlefield.ts';

const sides: readonly Side[] = ['server', 'honest', 'attackers'];
/** An attacker's addresses are 10.200.N.2 and so on, N from here on, and the server is 10.200.N.1 to him. */
const firstSubnet = 16;
const addressesMax = 16;

/** Ends at `remove`, and with this program however it ends; of one that was killed, at the next start. */
const namespaceForm = /^siege-(\d+)-\w+$/;

/**
 * Three network namespaces, joined by three pairs of virtual Ethernet: server and honest clients, server and attackers, attackers and honest clients. Throws where there is no `ip`,
 * or this user may not make them; then there are none.
 */
export function openNamespaces(attackers: number): Battlefield {
  removeLeft();
  const nameOf = (side: Side): string => `siege-${process.pid}-${side}`;
  const names = sides.map(nameOf);
  const removeAll = (): void => {
    process.off('exit', removeAll);
    for (const name of names) remove(name);
  };
  process.on('exit', removeAll);
  try {
    for (const name of names) ip(['netns', 'add', name]);
    // Made where they belong: the machine's own namespace never sees them.
    batch(nameOf('server'), [
      `link add name honest type veth peer name server netns ${nameOf('honest')}`,
      `link add name attackers type veth peer name server netns ${nameOf('attackers')}`,
      'addr add 10.200.1.1/24 dev honest',
      ...subnetsOf(attackers).map((subnet) => `addr add ${subnet}.1/24 dev attackers`),
      ...upOf('lo', 'honest', 'attackers'),
    ]);
    batch(nameOf('honest'), [
      `link add name attackers type veth peer name honest netns ${nameOf('attackers')}`,
      'addr add 10.200.1.2/24 dev server',
      'addr add 10.200.2.1/24 dev attackers',
      ...upOf('lo', 'server', 'attackers'),
    ]);
    batch(nameOf('attackers'), [
      'addr add 10.200.2.2/24 dev honest',
      ...subnetsOf(attackers).flatMap((subnet) =>
        addressesIn(subnet, addressesMax).map((address) => `addr add ${address}/24 dev server`),
      ),
      ...upOf('lo', 'server', 'honest'),
    ]);
  } catch (error) {
    removeAll();
    throw error;
  }
  return {
    place: 'namespaces',
    serverHost: '10.200.1.1',
    settings: {},
    command: (side, program) => ['ip', 'netns', 'exec', nameOf(side), ...program],
    route: ({ number, addresses, target }) => {
      if (target === 'honest') return { host: '10.200.2.1', addresses: ['10.200.2.2'] };
      const subnet = subnetOf(number);
      return { host: `${subnet}.1`, addresses: addressesIn(subnet, addresses) };
    },
    [Symbol.dispose]: removeAll,
  };
}

/** Of programs that ended without a chance to clean up. */
function removeLeft(): void {
  for (const [name, pid] of sieged()) if (!existsSync(`/proc/${pid}`)) remove(name);
}

function sieged(): readonly (readonly [string, number])[] {
  return ip(['netns', 'list'])
    .split('\n')
    .flatMap((line) => {
      const [name, pid] = namespaceForm.exec(line.split(' ')[0] ?? '') ?? [];
      return name === undefined ? [] : [[name, Number(pid)] as const];
    });
}

/** Ends what still runs in it first: a namespace lives as long as a process is in it. */
function remove(name: string): void {
  const { status, stdout } = run(['netns', 'pids', name]);
  // It was not made.
  if (status !== 0) return;
  for (const pid of stdout.split('\n').filter((line) => line !== '')) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended by itself meanwhile.
    }
  }
  ip(['netns', 'del', name]);
}

function subnetsOf(attackers: number): readonly string[] {
  return Array.from({ length: attackers }, (_, number) => subnetOf(number));
}

function subnetOf(attacker: number): string {
  return `10.200.${firstSubnet + attacker}`;
}

function addressesIn(subnet: string, count: number): readonly string[] {
  return Array.from({ length: Math.min(count, addressesMax) }, (_, index) => `${subnet}.${index + 2}`);
}

function upOf(...devices: readonly string[]): readonly string[] {
  return devices.map((device) => `link set dev ${device} up`);
}

function batch(namespace: string, lines: readonly string[]): void {
  ip(['-n', namespace, '-batch', '-'], lines.join('\n'));
}

function ip(args: readonly string[], input = ''): string {
  const { error, status, stdout, stderr } = run(args, input);
  if (error !== undefined) throw new Error(`ip ${args.join(' ')}: ${error.message}`, { cause: error });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr.trim()}`);
  return stdout;
}

function run(args: readonly string[], input = ''): SpawnSyncReturns<string> {
  return spawnSync('ip', args, { encoding: 'utf8', input });
}
