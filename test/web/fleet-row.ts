import type { FleetRow, FleetValues } from '../../src/api/contract.ts';

/** When the rows of these tests are looked at: the server's clock. */
export const nowMs = 1_795_255_200_000;

interface Wish extends Partial<Omit<FleetRow, 'values' | 'interval'>> {
  readonly interval?: Partial<FleetRow['interval']>;
  /** Of all values: how long ago they were taken. */
  readonly ageMs?: number;
  readonly temp?: number | null;
  readonly ram?: number | null;
  readonly disk?: number | null;
  readonly cpu?: number | null;
  readonly backlog?: number | null;
}

/** A unit that is online, cool and empty, but for what is wished. Its `client_id` is its name unless given. */
export function fleetRow({
  ageMs = 1_000,
  temp = 40,
  ram = 0.2,
  disk = 0.2,
  cpu = 0.1,
  backlog = 0,
  interval,
  ...wish
}: Wish = {}): FleetRow {
  const name = wish.name ?? 'bench-1';
  const clientId = wish.client_id ?? name;
  const takenMs = nowMs - ageMs;
  const timeOf = (value: number | null): number | null => (value === null ? null : takenMs);
  const values: FleetValues = [
    ...([clientId, takenMs, temp, timeOf(temp), ram, timeOf(ram)] as const),
    ...([disk, timeOf(disk), cpu, timeOf(cpu), backlog] as const),
  ];
  return {
    state: 'online',
    v: 2,
    ip: '192.0.2.7',
    tags: {},
    registered: '2026-11-21T10:00:00.000Z',
    clock_offset_ms: 0,
    fullest_disk: '/',
    ...wish,
    client_id: clientId,
    name,
    interval: { confirmed: 1, wanted: 1, rev: 1, state: 'confirmed', tries: 0, ...interval },
    values,
  };
}
