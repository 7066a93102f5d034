import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FleetRow } from '../../../src/api/contract.ts';
import { painter } from '../../../src/app/ctl/colour.ts';
import { sizeOf } from '../../../src/app/ctl/terminal.ts';
import { cutToWidth, widthOf } from '../../../src/app/ctl/text-width.ts';
import { pageOf, topLines, type TopView } from '../../../src/app/ctl/top/top-screen.ts';
import { shownRows, topState, type TopState } from '../../../src/app/ctl/top/top-state.ts';
import { topTable } from '../../../src/app/ctl/top/top-table.ts';
import { fleetRow, nowMs } from '../../api/fleet-row.ts';
import { FakeTerminal } from './fake-terminal.ts';

const begin = topState({ sort: 'name', filter: '' });
const plain = painter(false);
const escape = '\u001B';

function viewOf(rows: readonly FleetRow[], changes: Partial<TopView> = {}): TopView {
  return {
    server: 'hub:8080',
    all: new Map(rows.map((row) => [row.client_id, row])),
    rows,
    nowMs,
    stale: undefined,
    report: [],
    size: { columns: 100, rows: 10 },
    paint: plain,
    ...changes,
  };
}

/** So many units, well, by name. */
function fleetOf(count: number): readonly FleetRow[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `unit-${String(index).padStart(4, '0')}`;
    return fleetRow({ client_id: name, name });
  });
}

const opened: TopState = { ...begin, mode: { name: 'unit', clientId: 'Yw1l0Ck3aT8mQ2vN5xR7sA', scroll: 0 } };

test('a line has what is hottest and fullest of a unit, and what is old or not there stands in brackets or as -', () => {
  const rows = [
    fleetRow({ name: 'bench-03', figures: { celsius: 54.55, cpu: 0.071, backlog: 12 } }),
    fleetRow({ name: 'gone', state: 'lost', figures: { takenMs: nowMs - 7_200_000, backlog: 3 } }),
    fleetRow({ name: 'still', figures: { takenMs: nowMs - 26_000 } }),
    fleetRow({
      name: 'bare',
      fullest_disk: null,
      interval: { confirmed: 10, wanted: 5, rev: 2, state: 'sending', tries: 1 },
      figures: { celsius: null, ram: null, disk: null, cpu: null, backlog: null, takenMs: nowMs },
    }),
  ];
  expect(topTable(rows, nowMs, plain)).toEqual([
    'UNIT      STATE         CPU   LOAD    RAM  FULLEST DISK  INTERVAL    SEEN      HELD',
    'bench-03  online    54.5 °C     7%    25%  50% /var      10 s        1 s ago     12',
    'gone      lost    (50.0 °C)  (10%)  (25%)  (50% /var)    10 s        2 h ago    (3)',
    'still     online  (50.0 °C)  (10%)  (25%)  (50% /var)    10 s        26 s ago',
    'bare      online          -      -      -  -             10 s → 5 s  now',
  ]);
});

test('what is old is dim, and the state has its colour', () => {
  const [, line = ''] = topTable([fleetRow({ name: 'gone', state: 'lost' })], nowMs, painter(true));
  expect(line).toContain(`${escape}[31mlost${escape}[0m`);
  expect(line).toContain(`${escape}[2m(50% /var)${escape}[0m`);
});

test('the first line counts the units by their state, the second says what they are sorted by, the last which keys there are', () => {
  const rows = [
    fleetRow({ client_id: 'a' }),
    fleetRow({ client_id: 'b', state: 'lost' }),
    fleetRow({ client_id: 'c' }),
  ];
  const lines = topLines({ ...begin, sort: 'cpu_temp' }, viewOf(rows));
  expect(lines).toHaveLength(10);
  expect(lines[0]).toBe('hub:8080  3 units: 1 lost, 2 online');
  expect(lines[1]).toBe('by cpu temp');
  expect(lines[2]).toMatch(/^UNIT +STATE/);
  expect(lines.at(-1)).toMatch(/^sort: w worst .* q end$/);
  expect(topLines(begin, viewOf([]))[0]).toBe('hub:8080  0 units: none has registered yet');
});

test('the filter says how many it leaves, and is seen while it is typed', () => {
  const [one, ...others] = fleetOf(3);
  const all = new Map([one, ...others].flatMap((row) => (row === undefined ? [] : [[row.client_id, row] as const])));
  const view = viewOf(others, { all });
  expect(topLines({ ...begin, filter: 'site=b' }, view)[1]).toBe('by name  filter: site=b  2 of 3');
  expect(topLines({ ...begin, filter: 'si', mode: { name: 'typing' } }, view)[1]).toBe('by name  filter: si_');
  expect(topLines({ ...begin, mode: { name: 'typing' } }, view).at(-1)).toContain('Esc no filter');
});

test('what nobody tells is stale, in the place of how many there are, also while a filter is typed', () => {
  const typing: TopState = { ...begin, filter: 'x', mode: { name: 'typing' } };
  const view = viewOf(fleetOf(2), {
    stale: `STALE since 10:00:00: gone\n${escape}[2J; trying again`,
    paint: painter(true),
  });
  const lines = topLines(typing, view);
  expect(lines[0]).toBe(
    `${escape}[1mhub:8080${escape}[0m  ${escape}[31mSTALE since 10:00:00: gone [2J; trying again${escape}[0m`,
  );
  expect(lines[1]).toContain('filter: x_');
  expect(topLines(opened, view)[0]).toContain('STALE');
});

test('the chosen line stands out as a whole, whatever its colours were; without one the first does', () => {
  const rows = fleetOf(3);
  const bar = (state: TopState): readonly string[] =>
    topLines(state, viewOf(rows, { paint: painter(true) })).filter((line) => line.startsWith(`${escape}[7m`));
  expect(bar({ ...begin, chosen: 'unit-0001' })).toEqual([expect.stringMatching(/^.\[7munit-0001 [ -~°]*.\[0m$/)]);
  expect(bar(begin)).toEqual([expect.stringContaining('unit-0000')]);
  expect(bar({ ...begin, chosen: 'gone' })).toEqual([expect.stringContaining('unit-0000')]);
});

test('of a long list the part around the chosen line is seen, and no more than fits', () => {
  const rows = fleetOf(100);
  const seen = (chosen: string): readonly string[] =>
    topLines({ ...begin, chosen }, viewOf(rows)).flatMap((line) => /unit-\d+/.exec(line)?.[0] ?? []);
  expect(seen('unit-0000')).toEqual(fleetOf(6).map(({ name }) => name));
  expect(seen('unit-0050')).toEqual(['47', '48', '49', '50', '51', '52'].map((number) => `unit-00${number}`));
  expect(seen('unit-0099').at(-1)).toBe('unit-0099');
  expect(seen('unit-0099')).toHaveLength(pageOf({ columns: 100, rows: 10 }));
});

test('a unit that is open has its row in the second line and its report below, from where it is scrolled to', () => {
  const row = fleetRow({ tags: { site: 'berlin', room: 'the roof' } });
  const report = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const lines = topLines(opened, viewOf([row], { report }));
  expect(lines[1]).toBe('bench-03  online  seen 1 s ago  every 10 s  room="the roof" site=berlin');
  expect(lines.slice(2, -1)).toEqual(['', ...report.slice(0, 6)]);
  const scrolled: TopState = { ...opened, mode: { name: 'unit', clientId: row.client_id, scroll: 14 } };
  expect(topLines(scrolled, viewOf([row], { report })).slice(2, -1)).toEqual(['', ...report.slice(14)]);
  expect(topLines(opened, viewOf([], { report }))[1]).toBe('This unit is there no more.');
});

test('whatever the terminal, no line is wider and there are no more lines than it has', () => {
  const rows = [fleetRow({ name: '温度計-🌡🌡🌡', tags: { site: 'berlin' } }), ...fleetOf(5)];
  const states = [begin, opened, { ...begin, mode: { name: 'typing' } } as const];
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 120 }),
      fc.integer({ min: 1, max: 30 }),
      fc.constantFrom(...states),
      fc.boolean(),
      (columns, height, state, colours) => {
        const report = ['温度'.repeat(60), 'short'];
        const view = viewOf(rows, { size: { columns, rows: height }, report, paint: painter(colours) });
        const lines = topLines(state, view);
        expect(lines.length).toBeLessThanOrEqual(height);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      },
    ),
  );
});

test('a line is cut at a character, and its colours end', () => {
  expect(cutToWidth(`a${escape}[31mbcd${escape}[0me`, 3)).toBe(`a${escape}[31mbc${escape}[0m`);
  expect(cutToWidth('日本', 3)).toBe('日');
  expect(cutToWidth('日a', 1)).toBe('');
  expect(cutToWidth('abc', 3)).toBe('abc');
});

test('a terminal that does not say its size has the usual one', () => {
  const terminal = new FakeTerminal();
  expect(sizeOf(terminal)).toEqual({ columns: 100, rows: 12 });
  terminal.resize({ columns: 0, rows: 0 });
  expect(sizeOf(terminal)).toEqual({ columns: 80, rows: 24 });
});

test('nothing that a unit, a person or a server chose steers the terminal', () => {
  const hostile = fc.string({ unit: 'binary', maxLength: 20 });
  fc.assert(
    fc.property(hostile, hostile, hostile, fc.boolean(), (one, other, third, isOpen) => {
      const row = fleetRow({
        name: one,
        fullest_disk: other,
        tags: { [third]: one },
        ...({ state: third } as { state: 'online' }),
      });
      const view = viewOf([row], {
        server: other,
        stale: third === '' ? undefined : third,
        size: { columns: 300, rows: 9 },
      });
      const lines = topLines(isOpen ? opened : { ...begin, filter: one }, view);
      for (const line of lines) {
        expect(line.replaceAll(`${escape}[7m`, '').replaceAll(`${escape}[0m`, '')).not.toMatch(
          /[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u,
        );
      }
    }),
  );
});

test('5,000 units are sorted and drawn in less than half of the time that there is for it', () => {
  const rows = fleetOf(5_000);
  const state = { ...begin, sort: 'worst', filter: 'unit' } as const;
  const times = Array.from({ length: 9 }, () => {
    const beginMs = performance.now();
    topLines(state, viewOf(shownRows(rows, state, nowMs)));
    return performance.now() - beginMs;
  });
  // Of nine the quickest: others use this machine, too. It is drawn four times a second at most.
  expect(Math.min(...times)).toBeLessThan(125);
});
