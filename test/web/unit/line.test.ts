import { describe, expect, it } from 'vitest';
import { chartGroups, linesAChartMax } from '../../../web/src/unit/chart-group.ts';
import { linesOf } from '../../../web/src/unit/line.ts';
import { lineSummary } from '../../../web/src/unit/line-summary.ts';
import { lineAt, stepView, valueAt } from './some-points.ts';

describe('the lines of a history', () => {
  it('are one for each value of each series, with its steps', () => {
    const lines = linesOf([
      stepView('cpu', 0, { load1: valueAt(2), load5: valueAt(3) }),
      stepView('cpu', 60_000, { load1: valueAt(4) }),
    ]);
    expect(lines.map(({ key, points }) => [key, points.map(({ avg }) => avg)])).toEqual([
      ['cpu:load1', [2, 4]],
      ['cpu:load5', [3]],
    ]);
    expect(lines[0]?.points[1]).toEqual({ timeMs: 60_000, stepMs: 60_000, ...valueAt(4) });
  });

  it('show of a disk the part that is in use', () => {
    const used = { min: 40, avg: 50, max: 60, count: 3 };
    const total = { min: 200, avg: 200, max: 200, count: 3 };
    const [line, ...others] = linesOf([stepView('disk', 0, { id: '/', used, available: used, total })]);
    expect(others).toEqual([]);
    expect(line).toMatchObject({ key: 'disk:used_ratio:/', name: 'used_ratio' });
    expect(line?.points[0]).toMatchObject({ min: 0.2, avg: 0.25, max: 0.3, count: 3 });
  });

  it('show of a disk that says only what is available the rest, most where least is available', () => {
    const available = { min: 40, avg: 50, max: 80, count: 3 };
    const [line] = linesOf([stepView('disk', 0, { id: '/', available, total: valueAt(200) })]);
    expect(line?.points[0]).toMatchObject({ min: 0.6, avg: 0.75, max: 0.8, count: 3 });
  });

  it('take that part as it is from a unit that sends no bytes, and draw none of a disk without a size', () => {
    expect(linesOf([stepView('disk', 0, { id: '/', used_ratio: valueAt(0.5) })])[0]?.name).toBe('used_ratio');
    expect(linesOf([stepView('disk', 0, { id: '/', used: valueAt(1) })])).toEqual([]);
    expect(linesOf([stepView('disk', 0, { id: '/', used: valueAt(1), total: valueAt(0) })])).toEqual([]);
  });

  it('know a value that is called step from the length of the step', () => {
    const [line] = linesOf([stepView('motor', 0, { 'value.step': valueAt(7) })]);
    expect(line).toMatchObject({ name: 'step', points: [{ avg: 7, stepMs: 60_000 }] });
  });
});

describe('the charts', () => {
  it('are the known ones first, each value that has no known unit apart, and labels of dropped readings in none', () => {
    const values = (names: readonly string[]): Record<string, unknown> =>
      Object.fromEntries(names.map((name) => [name, valueAt(1)]));
    const groups = chartGroups(
      linesOf([
        stepView('fan', 0, { id: 'case', ...values(['rpm', 'duty_ratio']) }),
        stepView('net', 0, { id: 'eth0', ...values(['rx_bytes', 'tx_bytes']) }),
        stepView('agent', 0, values(['backlog', 'dropped', 'dropped_from', 'dropped_to'])),
        stepView('ram', 0, values(['total', 'available', 'used', 'swap_used', 'swap_total'])),
        stepView('cpu', 0, values(['utilisation', 'load1', 'load5', 'load15', 'cores'])),
        stepView('cpu_temp', 0, { id: 'Package id 0', celsius: valueAt(50) }),
      ]),
    );
    expect(groups.map(({ title, kind, lines }) => [title, kind, lines.map(({ label }) => label)])).toEqual([
      ['CPU temperature', 'celsius', ['Package id 0']],
      ['CPU utilisation', 'ratio', ['utilisation']],
      ['CPU load', 'plain', ['load1', 'load5', 'load15', 'cores']],
      ['Memory', 'bytes', ['used', 'available', 'total']],
      ['Swap', 'bytes', ['swap used', 'swap total']],
      ['Readings in the spool', 'plain', ['backlog']],
      ['agent: dropped', 'plain', ['dropped']],
      ['fan: duty ratio', 'ratio', ['case']],
      ['fan: rpm', 'plain', ['case']],
      ['net', 'bytes', ['eth0 rx bytes', 'eth0 tx bytes']],
    ]);
  });

  it('are several where there are more lines than can be told apart, and lose none', () => {
    const lines = Array.from({ length: 2 * linesAChartMax + 1 }, (_, index) =>
      lineAt([0], { key: `temp:celsius:${index}`, id: String(index) }),
    );
    const groups = chartGroups(lines);
    expect(groups.map(({ title, lines: own }) => [title, own.length])).toEqual([
      ['Other temperatures, 1 of 3', 16],
      ['Other temperatures, 2 of 3', 16],
      ['Other temperatures, 3 of 3', 1],
    ]);
    expect(new Set(groups.map(({ key }) => key)).size).toBe(3);
    expect(groups.flatMap(({ lines: own }) => own.map(({ key }) => key))).toEqual(lines.map(({ key }) => key));
  });
});

describe('the summary of a line', () => {
  const line = { ...lineAt([0, 10, 20]), label: 'CPU' };

  it('says the last, the lowest and the highest of what is shown', () => {
    expect(lineSummary(line, { fromMs: 5_000, toMs: 20_000 })).toBe(
      'CPU: last 10.0 °C, lowest 9.0 °C, highest 11.0 °C',
    );
  });

  it('says where there is nothing', () => {
    expect(lineSummary(line, { fromMs: 30_000, toMs: 40_000 })).toBe('CPU: nothing measured');
  });
});
