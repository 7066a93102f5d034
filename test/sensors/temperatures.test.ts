import { describe, expect, test } from 'vitest';
import { LinuxTemperatures } from '../../src/sensors/linux/temperatures.ts';
import { SlowCalls } from '../../src/sensors/linux/slow-calls.ts';
import { cpuTemp } from '../../src/sensors/temperature/cpu-temp.ts';
import type { TemperatureSource } from '../../src/sensors/temperature/input.ts';
import { TemperatureRounds } from '../../src/sensors/temperature/rounds.ts';
import { temp } from '../../src/sensors/temperature/temp.ts';
import { ManualClock } from './manual-clock.ts';
import { samples } from './samples.ts';
import { TemporaryFolder } from './temporary-folder.ts';

const signal = new AbortController().signal;
const coretemp = 'sys/class/hwmon/hwmon0';

function temperaturesBelow(root: string, clock: ManualClock): LinuxTemperatures {
  const statfs = (): never => {
    throw new Error('temperatures do not ask for file systems');
  };
  return new LinuxTemperatures({ root, clock, statfs, slowCalls: new SlowCalls(), timeoutMs: 2_000 });
}

async function said(source: TemperatureSource): Promise<readonly string[] | undefined> {
  const taken = await source.sample();
  return taken?.map((sample) => `${sample.input.id} ${sample.type === 'value' ? sample.celsius : 'failed'}`);
}

describe('the thermometers of Linux', () => {
  test('are read again each round, and listed again only after a minute', async () => {
    await using folder = await TemporaryFolder.make();
    await folder.write(`${coretemp}/name`, 'coretemp\n');
    await folder.write(`${coretemp}/temp1_input`, '50000\n');
    const clock = new ManualClock();
    const source = temperaturesBelow(folder.path, clock);
    expect(await said(source)).toEqual(['coretemp/temp1 50']);

    await folder.write(`${coretemp}/temp1_input`, '51000\n');
    await folder.write('sys/class/hwmon/hwmon1/name', 'nvme\n');
    await folder.write('sys/class/hwmon/hwmon1/temp1_input', '40000\n');
    expect(await said(source)).toEqual(['coretemp/temp1 51']);
    clock.advance(60_000);
    expect(await said(source)).toEqual(['coretemp/temp1 51', 'nvme/temp1 40']);
    await source.close();
  });

  test('are listed again soon where one that worked fails, as after its driver was loaded anew', async () => {
    await using folder = await TemporaryFolder.make();
    await folder.write(`${coretemp}/name`, 'coretemp\n');
    await folder.write(`${coretemp}/temp1_input`, '50000\n');
    const clock = new ManualClock();
    const source = temperaturesBelow(folder.path, clock);
    await said(source);
    await folder.write(`${coretemp}/temp1_input`, 'gone\n');
    await folder.write(`${coretemp}/temp2_input`, '52000\n');
    expect(await said(source)).toEqual(['coretemp/temp1 failed']);
    expect(await said(source)).toEqual(['coretemp/temp1 failed']);
    clock.advance(10_000);
    expect(await said(source)).toEqual(['coretemp/temp1 failed', 'coretemp/temp2 52']);
    await source.close();
  });

  test('come from the device’s own folder where the driver is an old one', async () => {
    await using folder = await TemporaryFolder.make();
    await folder.write(`${coretemp}/device/name`, 'applesmc\n');
    await folder.write(`${coretemp}/device/temp1_input`, '45000\n');
    await folder.write(`${coretemp}/device/temp1_label`, 'TC0D\n');
    const source = temperaturesBelow(folder.path, new ManualClock());
    expect(await said(source)).toEqual(['applesmc/TC0D 45']);
    await source.close();
  });

  test('are none where the machine has neither folder', async () => {
    await using folder = await TemporaryFolder.make();
    expect(await temperaturesBelow(folder.path, new ManualClock()).sample()).toBeUndefined();
  });
});

class Scripted implements TemperatureSource {
  readonly #rounds: ReturnType<typeof samples>[];
  taken = 0;

  constructor(...rounds: ReturnType<typeof samples>[]) {
    this.#rounds = rounds;
  }

  sample() {
    this.taken += 1;
    return Promise.resolve(this.#rounds.shift());
  }

  hint() {
    return Promise.resolve('buy one');
  }

  notes() {
    return [];
  }

  close() {
    return Promise.resolve();
  }
}

describe('cpu_temp and temp', () => {
  test('share one look a round, whoever comes first', async () => {
    const round = samples({ 'coretemp/Package id 0': 50, 'nvme/Composite': 40 });
    const source = new Scripted(round, round, round);
    const clock = new ManualClock();
    const rounds = new TemperatureRounds(source, clock);
    const [one, other] = [cpuTemp(rounds), temp(rounds)];
    await Promise.all([one.read(signal), other.read(signal)]);
    expect(source.taken).toBe(1);
    await other.read(signal);
    await one.read(signal);
    expect(source.taken).toBe(2);
    clock.advance(5_000);
    await one.read(signal);
    clock.advance(5_000);
    await other.read(signal);
    expect(source.taken).toBe(4);
  });

  test('give the CPU’s as cpu_temp, hottest first, and all others as temp', async () => {
    const rounds = new TemperatureRounds(
      new Scripted(samples({ 'coretemp/Package id 0': 50, 'coretemp/Package id 1': 60, 'nvme/Composite': 40 })),
      new ManualClock(),
    );
    expect(await cpuTemp(rounds).read(signal)).toEqual([
      {
        sensor: 'cpu_temp',
        id: 'coretemp/Package id 1',
        source: 'hwmon0/temp1_input: package, hottest of 2',
        values: { celsius: 60 },
      },
      {
        sensor: 'cpu_temp',
        id: 'coretemp/Package id 0',
        source: 'hwmon0/temp1_input: package',
        values: { celsius: 50 },
      },
    ]);
    expect(await temp(rounds).read(signal)).toEqual([
      { sensor: 'temp', id: 'nvme/Composite', values: { celsius: 40 } },
    ]);
  });

  test('say what they leave out: the refused quietly, the failed as a failure', async () => {
    const rounds = new TemperatureRounds(
      new Scripted(samples({ acpitz: 27.8, 'nvme/Composite': 'EIO' })),
      new ManualClock(),
    );
    const sensor = temp(rounds);
    expect(await sensor.read(signal)).toEqual([]);
    expect(sensor.omissions?.().map(({ id, kind }) => [id, kind])).toEqual([
      ['acpitz', 'refused'],
      ['nvme/Composite', 'failed'],
    ]);
  });

  test('are absent with a hint where there is nothing, and broken while the chosen one is silent', async () => {
    const absent = cpuTemp(new TemperatureRounds(new Scripted(samples({ 'nvme/Composite': 40 })), new ManualClock()));
    expect(await absent.read(signal)).toBe('absent');
    expect(absent.hint).toBe('buy one');

    const silent = new Scripted(samples({ 'coretemp/Package id 0': 50 }), samples({ 'coretemp/Package id 0': 'EIO' }));
    const sensor = cpuTemp(new TemperatureRounds(silent, new ManualClock()));
    await sensor.read(signal);
    await expect(sensor.read(signal)).rejects.toThrow('coretemp/Package id 0: no plausible value');
  });
});
