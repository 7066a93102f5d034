import { describe, expect, it } from 'vitest';
import type { Trails as Answer } from '../../../src/api/contract.ts';
import { sparkHeight, sparkPath } from '../../../web/src/fleet/spark-path.ts';
import { Trail, trailSlots } from '../../../web/src/fleet/trail.ts';
import { Trails } from '../../../web/src/fleet/trails.ts';
import { fleetRow, nowMs } from '../fleet-row.ts';

const minuteMs = 60_000;
const from = nowMs - (trailSlots - 1) * minuteMs;
const answerFor = (ids: readonly string[], values: readonly (number | null)[] = []): Answer => ({
  from,
  step: 60,
  units: Object.fromEntries(ids.map((id) => [id, { cpu_temp: values, ram: [], disk: [], cpu: [] }])),
});

describe('a spark line', () => {
  it('breaks where nothing was measured, and shows a value between two gaps as a dot', () => {
    expect(sparkPath([0, 0, null, 0.5, null])).toBe('M0 19L15 19M45 10h.1');
  });

  it('stays within its picture', () => {
    expect(sparkPath([0, 1])).toBe(`M0 ${sparkHeight - 1}L60 1`);
  });

  it('is nothing where there is nothing', () => {
    expect(sparkPath([null, null])).toBe('');
    expect(sparkPath([])).toBe('');
  });
});

describe('the trail of a unit', () => {
  it('ends now: what the server gave moves to the left as minutes pass', () => {
    const trail = new Trail(
      answerFor(
        ['a'],
        Array.from({ length: trailSlots }, () => 20),
      ),
      'a',
    );
    expect(trail.path('cpu_temp', nowMs)).toMatch(/^M0 19.*L60 19$/);
    expect(trail.path('cpu_temp', nowMs + 30 * minuteMs)).not.toContain('L60');
    expect(trail.path('cpu_temp', nowMs + 61 * minuteMs)).toBe('');
  });

  it('takes up newer values, with a gap for the minutes without one', () => {
    const trail = new Trail(
      answerFor(
        ['a'],
        Array.from({ length: trailSlots - 3 }, () => 20),
      ),
      'a',
    );
    trail.extend(fleetRow({ name: 'a', temp: 100, ageMs: 0 }));
    expect(trail.path('cpu_temp', nowMs)).toMatch(/19M60 1h\.1$/);
  });

  it('has one value a minute, the last of it', () => {
    const trail = new Trail(answerFor(['a']), 'a');
    for (const temp of [100, 60, 20]) trail.extend(fleetRow({ name: 'a', temp, ageMs: 0 }));
    expect(trail.path('cpu_temp', nowMs)).toBe('M60 19h.1');
  });

  it('puts what a clock that is off has dated where the server’s clock has it', () => {
    const trail = new Trail(answerFor(['a']), 'a');
    trail.extend(fleetRow({ name: 'a', temp: 20, ageMs: -600_000, clock_offset_ms: 600_000 }));
    expect(trail.path('cpu_temp', nowMs)).toBe('M60 19h.1');
  });

  it('leaves out what a clock that is far off has dated', () => {
    const trail = new Trail(answerFor(['a']), 'a');
    trail.extend(fleetRow({ name: 'a', ageMs: -365 * 86_400_000 }));
    trail.extend(fleetRow({ name: 'a', ageMs: 365 * 86_400_000 }));
    expect(trail.path('cpu_temp', nowMs)).toBe('');
  });
});

describe('the trails of the rows that are seen', () => {
  const setUp = (): { asked: string[][]; clock: { ms: number; broken: boolean }; trails: Trails } => {
    const asked: string[][] = [];
    const clock = { ms: 0, broken: false };
    const ask = (ids: readonly string[]): Promise<Answer> => {
      asked.push([...ids]);
      return clock.broken ? Promise.reject(new Error('away')) : Promise.resolve(answerFor(ids));
    };
    return { asked, clock, trails: new Trails({ ask, nowMs: () => clock.ms }) };
  };

  it('are asked for in requests of at most 64 units, one after the other', async () => {
    const { asked, trails } = setUp();
    await trails.want(Array.from({ length: 100 }, (_, index) => String(index)));
    expect(asked.map(({ length }) => length)).toEqual([64, 36]);
    expect(trails.of('99')).toBeInstanceOf(Trail);
  });

  it('are kept, and asked for again after two minutes', async () => {
    const { asked, clock, trails } = setUp();
    await trails.want(['a']);
    await trails.want(['a']);
    expect(asked).toEqual([['a']]);
    clock.ms = 120_000;
    await trails.want(['a']);
    expect(asked).toEqual([['a'], ['a']]);
  });

  it('are asked for by one request at a time, and the next one is for what is seen by then', async () => {
    const { asked, trails } = setUp();
    const first = trails.want(['a']);
    await trails.want(['b']);
    await trails.want(['c']);
    await first;
    expect(asked).toEqual([['a'], ['c']]);
  });

  it('are not asked for again at once where the server refused', async () => {
    const { asked, clock, trails } = setUp();
    clock.broken = true;
    await trails.want(['a']);
    await trails.want(['a']);
    expect(asked).toEqual([['a']]);
    clock.ms = 15_000;
    clock.broken = false;
    await trails.want(['a']);
    expect(trails.of('a')).toBeInstanceOf(Trail);
  });
});
