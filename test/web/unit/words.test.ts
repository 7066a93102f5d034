import { describe, expect, it } from 'vitest';
import { choiceWords } from '../../../web/src/unit/choice-words.ts';
import { detailWords, eventWords, weightOf } from '../../../web/src/unit/event-words.ts';
import { gapAt } from '../../../web/src/unit/gap-shading.ts';
import { gapWords } from '../../../web/src/unit/gap-words.ts';
import { marksOf } from '../../../web/src/unit/track-marks.ts';
import { offsetOf, unitEvents, type UnitEvent } from '../../../web/src/unit/unit-event.ts';
import { gapAtSeconds } from './some-points.ts';

const event = (seconds: number, name: string, details: UnitEvent['details'] = {}): UnitEvent => ({
  timeMs: seconds * 1_000,
  event: name,
  details,
});

describe('a gap in words', () => {
  it('has its reason and its length', () => {
    const said = [
      gapAtSeconds(0, 1_200),
      gapAtSeconds(0, 60, { reason: 'link-down' }),
      gapAtSeconds(0, 60, { reason: 'left' }),
      gapAtSeconds(0, 60, { reason: 'sensor-gone', sensor: 'disk', id: '/mnt/usb' }),
      gapAtSeconds(0, 60, { reason: 'spool-dropped', count: 12 }),
    ].map((gap) => gapWords(gap, 0));
    expect(said).toEqual([
      'The machine was off or asleep, or its client did not run (20 min).',
      'The link was down; what was measured came later, nothing is missing (60 s).',
      'The unit said goodbye (60 s).',
      'disk /mnt/usb gave no readings while others went on (60 s).',
      'The client had no room for 12 readings, and dropped them (60 s).',
    ]);
  });

  it('lasts until now where it has no end', () => {
    const gap = gapAtSeconds(0, Number.POSITIVE_INFINITY, { reason: 'lost' });
    expect(gapWords(gap, 300_000)).toBe('The connection broke, and nobody can say why (for 5 min so far).');
  });

  it('is said for the shortest where several lie upon each other', () => {
    const [long, short] = [gapAtSeconds(0, 100), gapAtSeconds(40, 60, { reason: 'spool-dropped' })];
    expect(gapAt([long, short], 50_000)).toBe(short);
    expect(gapAt([long, short], 70_000)).toBe(long);
    expect(gapAt([long, short], 101_000)).toBeUndefined();
  });
});

describe('events', () => {
  it('are said in words, unknown ones as in the log', () => {
    expect(eventWords(event(0, 'registered', { ip: '192.0.2.7' }))).toBe('Registered from 192.0.2.7');
    expect(eventWords(event(0, 'interval-confirmed', { interval: 0.5 }))).toBe('Interval of 0.5 s confirmed');
    expect(eventWords(event(0, 'clock-off', { offset_ms: -90_000 }))).toBe('Clock off by -90 s');
    expect(eventWords(event(0, 'something-new'))).toBe('Something new');
    expect(detailWords(event(0, 'lost', { reason: 'idle', offset_ms: 5, peer: null }))).toBe(
      'reason idle, offset ms 5',
    );
  });

  it('weigh as much as they mean', () => {
    expect(
      ['registered', 'disconnected', 'lost', 'registration-refused', 'bad-reading'].map((name) =>
        weightOf(event(0, name)),
      ),
    ).toEqual(['plain', 'warn', 'bad', 'warn', 'warn']);
  });

  it('that are stored and live are one list by time, of this unit alone, none twice', () => {
    const line = { level: 'info', unit: 'bench', client_id: 'c' };
    const stored = [{ time: '1970-01-01T00:00:02.000Z', event: 'lost', details: { reason: 'idle' } }];
    const live = [
      { ...line, time: '1970-01-01T00:00:02.000Z', event: 'lost', reason: 'idle' },
      { ...line, time: '1970-01-01T00:00:03.000Z', event: 'registered', v: 2 },
      { ...line, time: '1970-01-01T00:00:03.000Z', event: 'lost', client_id: 'other' },
      { ...line, time: '1970-01-01T00:00:01.000Z', event: 'registered', v: 1 },
    ];
    expect(unitEvents(stored, live, 'c')).toEqual([
      event(1, 'registered', { v: 1 }),
      event(2, 'lost', { reason: 'idle' }),
      event(3, 'registered', { v: 2 }),
    ]);
  });

  it('are shifted by a clock offset of two seconds and more', () => {
    expect([null, undefined, 0, 1_999, -1_999, 2_000, -5_000].map(offsetOf)).toEqual([0, 0, 0, 0, 0, 2_000, -5_000]);
  });

  it('are marks on the track, those near to each other one mark as grave as the gravest', () => {
    const events = [
      event(10, 'registered'),
      event(50, 'clock-off'),
      event(51, 'lost'),
      event(51.2, 'registered'),
      event(99, 'lost'),
      event(200, 'lost'),
    ];
    const marks = marksOf(events, { span: { fromMs: 20_000, toMs: 120_000 }, offsetMs: 10_000, widthPx: 1_000 });
    expect(marks.map(({ leftPx, weight, events: own }) => [leftPx, weight, own.length])).toEqual([
      [0, 'plain', 1],
      [400, 'bad', 3],
      [890, 'bad', 1],
    ]);
  });
});

describe("the choice of the CPU's thermometer", () => {
  it('is said with its reason', () => {
    expect(choiceWords({ id: 'coretemp/Package id 0', source: 'hwmon2/temp1_input: package' })).toBe(
      "coretemp/Package id 0 is the CPU's temperature: the processor's own sensor for its whole package (hwmon2/temp1_input).",
    );
  });

  it('says of how many it is the hottest', () => {
    const said = choiceWords({ id: 'coretemp/Core 3', source: 'hwmon2/temp5_input: core, hottest of 4' });
    expect(said).toContain('a single core');
    expect(said).toContain('It is the hottest of 4');
  });

  it('says what it was told where that is new, and that it was told nothing', () => {
    expect(choiceWords({ id: 'x', source: 'probe' })).toBe("x is the CPU's temperature: probe.");
    expect(choiceWords({ id: undefined, source: undefined })).toContain('does not say why');
  });
});
