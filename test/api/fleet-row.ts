import type { FleetRow, FleetValues } from '../../src/api/contract.ts';

export const nowMs = Date.UTC(2026, 10, 21, 10);

/** A unit that is well, seen a second ago. */
export function fleetRow(changes: Partial<FleetRow> & { readonly figures?: Partial<Figures> } = {}): FleetRow {
  const { figures, ...members } = changes;
  const row = {
    client_id: 'Yw1l0Ck3aT8mQ2vN5xR7sA',
    name: 'bench-03',
    state: 'online' as const,
    v: 2 as const,
    ip: '192.0.2.7',
    tags: {},
    interval: { confirmed: 10, wanted: 10, rev: 1, state: 'confirmed' as const, tries: 0 },
    registered: '2026-11-21T09:00:00.000Z',
    clock_offset_ms: 0,
    fullest_disk: '/var',
    ...members,
  };
  return { ...row, values: members.values ?? valuesOf(row.client_id, figures) };
}

interface Figures {
  readonly celsius: number | null;
  readonly ram: number | null;
  readonly disk: number | null;
  readonly cpu: number | null;
  readonly takenMs: number;
  readonly backlog: number | null;
}

export function valuesOf(clientId: string, figures: Partial<Figures> = {}): FleetValues {
  const usual = { celsius: 50, ram: 0.25, disk: 0.5, cpu: 0.1, takenMs: nowMs - 1_000, backlog: 0 };
  const { celsius, ram, disk, cpu, takenMs, backlog } = { ...usual, ...figures };
  const at = (value: number | null): number | null => (value === null ? null : takenMs);
  return [clientId, takenMs, celsius, at(celsius), ram, at(ram), disk, at(disk), cpu, at(cpu), backlog];
}
