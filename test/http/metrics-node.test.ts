import { describe, expect, test } from 'vitest';
import { startMs } from './fake-hub.ts';
import { scrapeUnits } from './metrics-answer.ts';
import { sendingUnit } from './sending-unit.ts';

const query = '?names=node';

describe('GET /metrics?names=node', () => {
  test('has what units measure under the names of node_exporter, each unit as an instance, and nothing of the server', async () => {
    const { families } = await scrapeUnits(
      [
        sendingUnit(
          { sensor: 'cpu_temp', id: 'coretemp/Package id 0', celsius: 54.5 },
          { sensor: 'temp', id: 'coretemp/Core 0', celsius: 51 },
          { sensor: 'temp', id: 'k10temp@0000:00:18.3/Tctl', celsius: 60 },
          { sensor: 'ram', used: 6, available: 10, total: 16, swap_used: 1, swap_total: 4 },
          { sensor: 'disk', id: '/', used: 30, available: 60, total: 100 },
          { sensor: 'cpu', utilisation: 0.25, load1: 1, load5: 2, load15: 3, cores: 4 },
        ),
      ],
      { query },
    );
    const all = families.values().flatMap(({ samples }) => samples);
    expect(Object.fromEntries(all)).toEqual({
      'node_uname_info{instance="u",nodename="u"}': 1,
      'node_hwmon_temp_celsius{instance="u",chip="coretemp",sensor="Package id 0"}': 54.5,
      'node_hwmon_temp_celsius{instance="u",chip="coretemp",sensor="Core 0"}': 51,
      'node_hwmon_temp_celsius{instance="u",chip="k10temp@0000:00:18.3",sensor="Tctl"}': 60,
      'node_hwmon_chip_names{instance="u",chip="coretemp",chip_name="coretemp"}': 1,
      'node_hwmon_chip_names{instance="u",chip="k10temp@0000:00:18.3",chip_name="k10temp"}': 1,
      'node_hwmon_sensor_label{instance="u",chip="coretemp",sensor="Package id 0",label="Package id 0"}': 1,
      'node_hwmon_sensor_label{instance="u",chip="coretemp",sensor="Core 0",label="Core 0"}': 1,
      'node_hwmon_sensor_label{instance="u",chip="k10temp@0000:00:18.3",sensor="Tctl",label="Tctl"}': 1,
      'node_memory_MemTotal_bytes{instance="u"}': 16,
      'node_memory_MemAvailable_bytes{instance="u"}': 10,
      'node_memory_SwapTotal_bytes{instance="u"}': 4,
      'node_memory_SwapFree_bytes{instance="u"}': 3,
      'node_filesystem_size_bytes{instance="u",mountpoint="/"}': 100,
      'node_filesystem_avail_bytes{instance="u",mountpoint="/"}': 60,
      'node_filesystem_free_bytes{instance="u",mountpoint="/"}': 70,
      'node_load1{instance="u"}': 1,
      'node_load5{instance="u"}': 2,
      'node_load15{instance="u"}': 3,
    });
  });

  test('invents nothing for a unit that sends less', async () => {
    const { families } = await scrapeUnits(
      [
        sendingUnit(
          { sensor: 'cpu_temp', celsius: 50 },
          { sensor: 'temp', id: 'acpitz', celsius: 40 },
          { sensor: 'ram', used_ratio: 0.5 },
          { sensor: 'disk', id: '/', used_ratio: 0.5 },
          { sensor: 'cpu', utilisation: 0.25 },
        ),
      ],
      { query },
    );
    expect([...families.keys()]).toEqual(['node_uname_info']);
  });

  test('has only what is fresh', async () => {
    const unit = sendingUnit({ sensor: 'cpu', load1: 1 });
    expect((await scrapeUnits([unit], { query, afterMs: 25_000 })).series('node_load1')).toHaveLength(1);
    expect((await scrapeUnits([unit], { query, afterMs: 25_001 })).series('node_load1')).toEqual([]);
    expect((await scrapeUnits([{ ...unit, state: 'lost' }], { query })).series('node_load1')).toEqual([]);
  });

  test('has an input once, as it was measured last, where it has just become the one of the CPU', async () => {
    const id = 'k10temp/Tctl';
    const { value } = await scrapeUnits(
      [
        sendingUnit(
          { sensor: 'temp', id, celsius: 61, time: startMs - 10 },
          { sensor: 'cpu_temp', id, celsius: 62, time: startMs },
          { sensor: 'cpu_temp', id: 'k10temp/Tdie', celsius: 51, time: startMs },
          { sensor: 'temp', id: 'k10temp/Tdie', celsius: 50, time: startMs - 10 },
        ),
      ],
      { query },
    );
    expect(value('node_hwmon_temp_celsius{instance="u",chip="k10temp",sensor="Tctl"}')).toBe(62);
    expect(value('node_hwmon_temp_celsius{instance="u",chip="k10temp",sensor="Tdie"}')).toBe(51);
  });
});
