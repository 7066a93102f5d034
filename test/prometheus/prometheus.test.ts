import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import type { UnitView } from '../../src/core/unit.ts';
import { exampleText } from '../examples/example-file.ts';
import { FakeFacts } from '../http/fake-facts.ts';
import { FakeHub, ManualClock, serve, startMs, unitView } from '../http/fake-hub.ts';
import { byTest, temporaryAccess } from '../http/temporary-access.ts';
import { startPrometheus } from './prometheus.ts';
import { promtool } from './promtool.ts';
import { needTool } from './tools.ts';

/** All that a unit can send, with what people call things in the worst case. */
const worst = unitView({
  client_id: 'worst',
  name: 'a "b"\\c\ud800 ü',
  tags: { 'Rack Row': '7"\\\n', rack_row: '8' },
  latest: {
    cpu_temp: [{ time: startMs, sensor: 'cpu_temp', id: 'coretemp/Package "0"\\\n\r\0{}', celsius: 54.5 }],
    temp: [{ time: startMs, sensor: 'temp', id: 'k10temp@0000:00:18.3/Tctl', celsius: 1e-7 }],
    ram: [{ time: startMs, sensor: 'ram', used: 6, available: 10, total: 16, swap_used: 0, swap_total: 1e21 }],
    disk: [{ time: startMs, sensor: 'disk', id: '/', used: 25, available: 70, total: 100 }],
    cpu: [{ time: startMs, sensor: 'cpu', utilisation: 0.5, load1: 1, load5: 2, load15: 3, cores: 4 }],
    agent: [{ time: startMs, sensor: 'agent', backlog: 3 }],
    ups: [{ time: startMs, sensor: 'ups', energy_total: 3, info: 1, count: 2, sum: -0.5, bucket: 3, charge_ratio: 1 }],
    fan: [{ time: startMs, sensor: 'fan', front_rpm: 900 }],
    fan_front: [{ time: startMs, sensor: 'fan_front', rpm: 901 }],
    commits: [{ time: startMs, sensor: 'commits', total: 9 }],
    acknowledgement: [{ time: startMs, sensor: 'acknowledgement', duration_seconds_count: 9 }],
  },
});
const oldUnit = unitView({
  client_id: 'old',
  name: 'old',
  v: 1,
  clock_offset_ms: null,
  latest: { ram: [{ time: startMs, sensor: 'ram', used_ratio: 0.018 }] },
});

async function answerTo(query: string): Promise<string> {
  const hub = new FakeHub(unitView(), worst, oldUnit);
  await using api = await serve({ hub, facts: new FakeFacts(), clock: new ManualClock() });
  hub.say('bad-reading', {}, 'warn');
  const response = await fetch(`${api.url}/metrics${query}`);
  return await response.text();
}

describe('promtool check metrics', () => {
  test('has nothing to complain of in what the server says', async () => {
    const text = await answerTo('');
    expect(text).toContain('telemetry_sensor_commits_total{');
    expect(promtool(['check', 'metrics'], text)).toEqual({ code: 0, complaints: [] });
  });

  test('complains of the names of node_exporter only, which are as they are', async () => {
    const { complaints } = promtool(['check', 'metrics'], await answerTo('?names=node'));
    const capitals = "metric names should be written in 'snake_case' not 'camelCase'";
    expect(complaints).toEqual(
      ['MemAvailable', 'MemTotal', 'SwapFree', 'SwapTotal'].map((what) => `node_memory_${what}_bytes ${capitals}`),
    );
  });

  test('would complain of a family in two places', () => {
    const [first, second] = ['a', 'b'].map((name) => `# HELP ${name}_ratio A.\n# TYPE ${name}_ratio gauge\n`);
    const text = `${first}a_ratio 1\n${second}b_ratio 1\n${first}a_ratio 2\n`;
    expect(promtool(['check', 'metrics'], text).code).not.toBe(0);
  });
});

describe('docs/metrics.md', () => {
  const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
  /** The names that the first column of its tables has. */
  const listed = page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => (line.split('|')[1] ?? '').match(/[a-z]\w+/gi) ?? []);

  test('lists every metric of the server and of its sensors, and no other', async () => {
    const named = `${await answerTo('')}${await answerTo('?names=node')}`.matchAll(/^# TYPE (\S+) (\w+)$/gm);
    const families = [...named].flatMap(([, name = '', type]) => (type === 'untyped' ? [] : [name]));
    expect(families.length).toBeGreaterThan(50);
    expect(listed.toSorted()).toEqual([...families, 'telemetry_SENSOR_VALUE'].toSorted());
  });

  test('has the type of each of the server', async () => {
    const families = [...(await answerTo('')).matchAll(/^# TYPE (\S+) (counter|histogram)$/gm)];
    expect(families.length).toBeGreaterThan(5);
    for (const [, name, type] of families) expect(page).toContain(`| \`${name}\` | ${type} |`);
  });
});

describe('examples/prometheus.yml', () => {
  const example = fileURLToPath(new URL('../../examples/prometheus.yml', import.meta.url));

  test('is a configuration that Prometheus takes, with its rules', () => {
    expect(promtool(['check', 'config', example])).toEqual({ code: 0, complaints: [] });
  });

  test('has rules over metrics that the server has', async () => {
    const { groups } = parse(exampleText('prometheus-rules.yml'));
    const rules: readonly { readonly expr: string }[] = groups[0].rules;
    const answer = await answerTo('');
    const used = rules.flatMap(({ expr }) => expr.match(/telemetry_\w+/g) ?? []);
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((name) => !answer.includes(`\n${name}`))).toEqual([]);
  });
});

describe('a real Prometheus with the example, and an API token', () => {
  test('has the values of a unit until it is lost, and its age after that', { timeout: 60_000 }, async () => {
    using access = temporaryAccess();
    const { token } = access.addApiToken({ name: 'prometheus', scope: 'read', expiresMs: undefined }, byTest);
    const hub = new FakeHub(unitView());
    // It sends all the time.
    hub.onLook = (unit) => ({ ...unit, latest: measuredNow(unit) });
    await using api = await serve({ hub, facts: new FakeFacts(), access, host: '0.0.0.0' });
    const { host } = new URL(api.url);
    const configuration = exampleText('prometheus.yml')
      .replaceAll('127.0.0.1:8080', host)
      .replaceAll(/# (authorization:|  credentials_file:)/g, '$1')
      .replace('scrape_interval: 15s', 'scrape_interval: 1s');
    expect(configuration).toContain('    authorization:\n      credentials_file: telemetry-token\n');
    await using prometheus = await startPrometheus({
      'prometheus.yml': configuration,
      'prometheus-rules.yml': exampleText('prometheus-rules.yml'),
      'telemetry-token': `${token}\n`,
    });
    const answer = (query: string) => expect.poll(() => prometheus.query(query), { timeout: 20_000, interval: 100 });
    const targets = () => expect.poll(() => prometheus.targets(), { timeout: 20_000, interval: 100 });
    const temperature = 'telemetry_cpu_temperature_celsius{unit="bench-03"}';

    await answer(temperature).toEqual([
      {
        name: 'telemetry_cpu_temperature_celsius',
        labels: { unit: 'bench-03', id: 'coretemp/Package id 0', instance: host, job: 'telemetry' },
        value: 54.5,
      },
    ]);
    await answer('max by (unit) (telemetry_disk_used_ratio)').toMatchObject([
      { labels: { unit: 'bench-03' }, value: 0.9 },
    ]);
    await answer('histogram_quantile(0.5, telemetry_acknowledgement_duration_seconds_bucket)').toMatchObject([
      { value: 0.001 },
    ]);
    // As dashboards for node_exporter ask: a unit is an instance, and the chip has its name.
    await answer('1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes').toMatchObject([
      { labels: { instance: 'bench-03', job: 'telemetry-node' }, value: 0.375 },
    ]);
    const joined =
      'node_hwmon_temp_celsius{instance="bench-03"} * on(chip) group_left(chip_name) node_hwmon_chip_names{instance="bench-03"}';
    await answer(joined).toMatchObject([{ labels: { chip_name: 'coretemp', sensor: 'Package id 0' }, value: 54.5 }]);
    await targets().toEqual({ telemetry: 'up', 'telemetry-node': 'up' });

    hub.onLook = (unit) => ({ ...unit, state: 'lost' });
    await answer(temperature).toEqual([]);
    await answer('node_hwmon_temp_celsius').toEqual([]);
    await answer('telemetry_unit_state{state="lost"}').toMatchObject([{ value: 1 }]);
    await answer('telemetry_reading_age_seconds{sensor="cpu_temp"} > 0').toHaveLength(1);
    await targets().toEqual({ telemetry: 'up', 'telemetry-node': 'up' });
  });
});

function measuredNow({ latest }: UnitView): UnitView['latest'] {
  const time = Date.now();
  return Object.fromEntries(
    Object.entries(latest).map(([sensor, readings]) => [sensor, readings.map((reading) => ({ ...reading, time }))]),
  );
}

describe('a tool that is missing', () => {
  test('is installed by whoever may', () => {
    const ran: string[] = [];
    const has = (program: string): boolean => program === 'apt-get' || ran.some((line) => line.includes('install'));
    const run = (command: string, args: readonly string[]): undefined => {
      ran.push([command, ...args].join(' '));
    };
    expect(needTool('promtool', { isRoot: true, has, run })).toBe('promtool');
    expect(ran).toEqual([
      'apt-get update -q',
      'apt-get install -qy --no-install-recommends -o DPkg::Lock::Timeout=120 prometheus',
    ]);
  });

  test('fails the test, with what to do, for whoever may not', () => {
    const run = (): string => 'no such package';
    const none = { run, has: (): boolean => false };
    expect(() => needTool('prometheus', { ...none, isRoot: false })).toThrow('apt-get install');
    expect(() => needTool('prometheus', { ...none, isRoot: true })).toThrow('prometheus is missing');
    const root = { run, isRoot: true, has: (program: string): boolean => program === 'apt-get' };
    expect(() => needTool('prometheus', root)).toThrow('no such package');
  });
});
