import { describe, expect, test } from 'vitest';
import { startMs, unitView } from './fake-hub.ts';
import { scrapeUnits } from './metrics-answer.ts';
import { sendingUnit } from './sending-unit.ts';

const temperature = 'telemetry_cpu_temperature_celsius{unit="u",id="a/b"}';
const age = 'telemetry_reading_age_seconds{unit="u",sensor="cpu_temp",id="a/b"}';
const warm = { sensor: 'cpu_temp', id: 'a/b', celsius: 54.5 };

describe('what a unit measures', () => {
  test('has the names and base units of Prometheus', async () => {
    const { value } = await scrapeUnits([
      sendingUnit(
        warm,
        { sensor: 'temp', id: 'nvme/Composite', celsius: 40 },
        { sensor: 'ram', used: 6, available: 10, total: 16, swap_used: 1, swap_total: 2 },
        { sensor: 'disk', id: '/', used: 30, available: 60, total: 100 },
        { sensor: 'cpu', utilisation: 0.25, load1: 1, load5: 2, load15: 3, cores: 4 },
        { sensor: 'agent', backlog: 9 },
      ),
    ]);
    const expected = {
      [temperature]: 54.5,
      'telemetry_temperature_celsius{unit="u",id="nvme/Composite"}': 40,
      'telemetry_memory_used_bytes{unit="u"}': 6,
      'telemetry_memory_available_bytes{unit="u"}': 10,
      'telemetry_memory_total_bytes{unit="u"}': 16,
      'telemetry_memory_used_ratio{unit="u"}': 0.375,
      'telemetry_swap_used_bytes{unit="u"}': 1,
      'telemetry_swap_total_bytes{unit="u"}': 2,
      'telemetry_disk_used_bytes{unit="u",id="/"}': 30,
      'telemetry_disk_available_bytes{unit="u",id="/"}': 60,
      'telemetry_disk_total_bytes{unit="u",id="/"}': 100,
      'telemetry_disk_used_ratio{unit="u",id="/"}': 0.3,
      'telemetry_cpu_utilisation_ratio{unit="u"}': 0.25,
      'telemetry_load1{unit="u"}': 1,
      'telemetry_load5{unit="u"}': 2,
      'telemetry_load15{unit="u"}': 3,
      'telemetry_cpu_cores{unit="u"}': 4,
      'telemetry_spool_readings{unit="u"}': 9,
    };
    expect(Object.fromEntries(Object.keys(expected).map((series) => [series, value(series)]))).toEqual(expected);
  });

  test('of version 1 is told as ratios in the same families', async () => {
    const { value, families } = await scrapeUnits([
      { ...sendingUnit({ sensor: 'ram', used_ratio: 0.018 }, { sensor: 'disk', id: '/', used_ratio: 0.24 }), v: 1 },
    ]);
    expect(value('telemetry_memory_used_ratio{unit="u"}')).toBe(0.018);
    expect(value('telemetry_disk_used_ratio{unit="u",id="/"}')).toBe(0.24);
    expect(families.has('telemetry_disk_used_bytes')).toBe(false);
  });

  test('that says what is available alone is told as a ratio too', async () => {
    const { value } = await scrapeUnits([sendingUnit({ sensor: 'ram', available: 1, total: 4 })]);
    expect(value('telemetry_memory_used_ratio{unit="u"}')).toBe(0.75);
  });

  test('that says a ratio beside its bytes has the one of its bytes, once, as on the page', async () => {
    const { value, series } = await scrapeUnits([sendingUnit({ sensor: 'ram', used: 1, total: 4, used_ratio: 0.9 })]);
    expect(value('telemetry_memory_used_ratio{unit="u"}')).toBe(0.25);
    expect(series('telemetry_memory_used_ratio')).toHaveLength(1);
  });

  test('gives no ratio of nothing', async () => {
    const { families } = await scrapeUnits([sendingUnit({ sensor: 'disk', id: '/', used: 0, available: 0, total: 0 })]);
    expect(families.has('telemetry_disk_used_ratio')).toBe(false);
  });

  test('does not make a level of what was dropped once', async () => {
    const { families } = await scrapeUnits([
      sendingUnit({ sensor: 'agent', backlog: 9, dropped: 3, dropped_from: 1, dropped_to: 2 }),
    ]);
    expect([...families.keys()].filter((name) => name.includes('dropped'))).toEqual([]);
  });
});

describe('a sensor that the server does not know', () => {
  test('is told under its own name and that of its value, untyped and with its name as a label', async () => {
    const { value, families } = await scrapeUnits([sendingUnit({ sensor: 'fan', id: 'rear', rpm: 900 })]);
    expect(value('telemetry_fan_rpm{unit="u",id="rear",sensor="fan"}')).toBe(900);
    expect(families.get('telemetry_fan_rpm')?.type).toBe('untyped');
  });

  test('shares a family with another whose names make the same one, each under its own series', async () => {
    const { series } = await scrapeUnits([
      sendingUnit(
        { sensor: 'fan', front_rpm: 1 },
        { sensor: 'fan_front', rpm: 2 },
        { sensor: 'fan_front', id: 'x', rpm: 3 },
      ),
    ]);
    expect(series('telemetry_fan_front_rpm')).toEqual([
      'telemetry_fan_front_rpm{unit="u",sensor="fan"}',
      'telemetry_fan_front_rpm{unit="u",sensor="fan_front"}',
      'telemetry_fan_front_rpm{unit="u",id="x",sensor="fan_front"}',
    ]);
  });

  test.each([
    ['commits', 'total'],
    ['acknowledgement', 'duration_seconds'],
    ['acknowledgement', 'duration_seconds_count'],
    ['cpu', 'temperature_celsius'],
    ['unit', 'info'],
    ['reading', 'age_seconds'],
    ['memory', 'used_ratio'],
  ])('never stands among what has that name already: %s with %s', async (sensor, value) => {
    const { value: valueOf, series } = await scrapeUnits([sendingUnit({ sensor, [value]: 77 })]);
    expect(valueOf(`telemetry_sensor_${sensor}_${value}{unit="u",sensor="${sensor}"}`)).toBe(77);
    const others = series(`telemetry_${sensor}_${value}`).filter((one) => one.includes('sensor="'));
    expect(others.filter((one) => !one.startsWith('telemetry_reading_age_seconds'))).toEqual([]);
  });

  test('may be called like a member of every object', async () => {
    const { value } = await scrapeUnits([sendingUnit({ sensor: 'constructor', constructor: 1, valueof: 2 })]);
    expect(value('telemetry_constructor_constructor{unit="u",sensor="constructor"}')).toBe(1);
  });
});

describe('an old value', () => {
  test('has no sample, and its age stays', async () => {
    const fresh = await scrapeUnits([sendingUnit(warm)], { afterMs: 25_000 });
    expect([fresh.value(temperature), fresh.value(age)]).toEqual([54.5, 25]);
    const old = await scrapeUnits([sendingUnit(warm)], { afterMs: 25_001 });
    expect([old.value(temperature), old.value(age)]).toEqual([undefined, 25.001]);
  });

  test('is fresh for 10 s, however short the interval is', async () => {
    const interval = { ...unitView().interval, confirmed: 0.1, wanted: 0.1 };
    const unit = { ...sendingUnit(warm), interval };
    expect((await scrapeUnits([unit], { afterMs: 10_000 })).value(temperature)).toBe(54.5);
    expect((await scrapeUnits([unit], { afterMs: 10_001 })).value(temperature)).toBeUndefined();
  });

  test('is judged by the longer of the two intervals that its unit may be at', async () => {
    for (const [confirmed, wanted] of [
      [60, 1],
      [1, 60],
    ] as const) {
      const unit = { ...sendingUnit(warm), interval: { ...unitView().interval, confirmed, wanted } };
      expect((await scrapeUnits([unit], { afterMs: 150_000 })).value(temperature)).toBe(54.5);
    }
  });

  test.each(['late', 'lost', 'disconnected'] as const)('is every value of a unit that is %s', async (state) => {
    const { value } = await scrapeUnits([{ ...sendingUnit(warm), state }], { afterMs: 1_000 });
    expect([value(temperature), value(age)]).toEqual([undefined, 1]);
    expect(value(`telemetry_unit_state{unit="u",state="${state}"}`)).toBe(1);
    expect(value('telemetry_unit_state{unit="u",state="online"}')).toBe(0);
  });

  test('is told by the clock of the server, whatever that of the unit says', async () => {
    // Its clock is an hour ahead, so what it took an hour from now it took now.
    const ahead = { ...sendingUnit({ ...warm, time: startMs + 3_600_000 }), clock_offset_ms: 3_600_000 };
    const now = await scrapeUnits([ahead], { afterMs: 2_000 });
    expect([now.value(temperature), now.value(age)]).toEqual([54.5, 2]);
    const then = await scrapeUnits([{ ...ahead, clock_offset_ms: 7_200_000 }]);
    expect([then.value(temperature), then.value(age)]).toEqual([undefined, 3_600]);
  });

  test('is one from the future as well: the clock of its unit was set back', async () => {
    const { value } = await scrapeUnits([
      { ...sendingUnit({ ...warm, time: startMs + 3_600_000 }), clock_offset_ms: 0 },
    ]);
    expect([value(temperature), value(age)]).toEqual([undefined, -3_600]);
  });

  test('is none that a clock puts a moment ahead', async () => {
    const { value } = await scrapeUnits([
      { ...sendingUnit({ ...warm, time: startMs + 1_500 }), clock_offset_ms: null },
    ]);
    expect([value(temperature), value(age)]).toEqual([54.5, 0]);
  });
});

describe('what a unit is', () => {
  test('is told whatever its state is', async () => {
    const { value } = await scrapeUnits([
      unitView({ name: 'u', state: 'lost', interval: { ...unitView().interval, confirmed: 10, wanted: 2.5 } }),
    ]);
    expect(value('telemetry_unit_info{unit="u",client_id="Yw1l0Ck3aT8mQ2vN5xR7sA",ip="192.0.2.7",version="2"}')).toBe(
      1,
    );
    expect(value('telemetry_unit_last_seen_timestamp_seconds{unit="u"}')).toBe(startMs / 1000);
    expect(value('telemetry_unit_clock_offset_seconds{unit="u"}')).toBe(-0.003);
    expect(value('telemetry_unit_interval_seconds{unit="u",kind="confirmed"}')).toBe(10);
    expect(value('telemetry_unit_interval_seconds{unit="u",kind="wanted"}')).toBe(2.5);
  });

  test('leaves out the offset of a clock that was not measured', async () => {
    const { families } = await scrapeUnits([unitView({ clock_offset_ms: null })]);
    expect(families.has('telemetry_unit_clock_offset_seconds')).toBe(false);
  });

  test('has its tags as labels, and two that would be one label as two', async () => {
    const tags = { rack: '7', Site: 'Ulm', 'a-b': '1', a_b: '2', ä: '3' };
    const { series } = await scrapeUnits([unitView({ name: 'u', tags })]);
    expect(series('telemetry_unit_info')[0]).toContain(
      ',tag_site="Ulm",tag_a_b="1",tag_a_b_2="2",tag_rack="7",tag__="3"}',
    );
  });
});

describe('a label', () => {
  test('has what would end it escaped, and nothing else', async () => {
    const id = 'a\\b"c\nd{e}=ü\t€,';
    const { series } = await scrapeUnits([sendingUnit({ sensor: 'temp', id, celsius: 1 })]);
    expect(series('telemetry_temperature_celsius')).toEqual([
      'telemetry_temperature_celsius{unit="u",id="a\\\\b\\"c\\nd{e}=ü\t€,"}',
    ]);
  });

  test('is UTF-8, and two readings that only broken characters tell apart are one', async () => {
    const { series } = await scrapeUnits([
      sendingUnit(
        { sensor: 'temp', id: '\ud800', celsius: 1 },
        { sensor: 'temp', id: '\ud801', celsius: 2 },
        { sensor: 'temp', id: '', celsius: 3 },
        { sensor: 'temp', celsius: 4 },
      ),
    ]);
    expect(series('telemetry_temperature_celsius')).toEqual([
      'telemetry_temperature_celsius{unit="u",id="\ufffd"}',
      'telemetry_temperature_celsius{unit="u"}',
    ]);
  });

  test('tells units apart whose names only broken characters do', async () => {
    const { series } = await scrapeUnits(
      ['\ud800', '\ud801'].map((name, index) => unitView({ name, client_id: `id${index}` })),
    );
    expect(series('telemetry_unit_clock_offset_seconds')).toEqual([
      'telemetry_unit_clock_offset_seconds{unit="\ufffd (id0)"}',
      'telemetry_unit_clock_offset_seconds{unit="\ufffd (id1)"}',
    ]);
  });
});
