import type { Reading } from '../core/reading.ts';
import type { Omission, Sensor } from './contract.ts';
import { openSensorsAndSource } from './list.ts';
import type { SensorOptions } from './list.ts';
import { reasonFor } from './temperature/choice.ts';
import type { Judgement } from './temperature/choice.ts';

/** Between the two samples of `cpu`: long enough for tens of the kernel's ticks, too short to bore anybody. */
const betweenSamplesMs = 250;

/** What one sensor did in one round. */
export interface ExplainedSensor {
  readonly name: string;
  readonly state: 'read' | 'absent' | 'failed';
  readonly readings: readonly Reading[];
  readonly omissions: readonly Omission[];
  /** Where it is absent: what would help. Where it failed: its error. */
  readonly note?: string;
}

/** One temperature input, whatever became of it; `cpu`: it was chosen as the CPU's. */
export interface ExplainedInput {
  readonly id: string;
  readonly where: string;
  readonly celsius: number | null;
  readonly verdict: 'cpu' | 'other' | 'refused' | 'failed';
  readonly reason: string;
}

/** One round of readings and why they are these: what `telemetry-client sensors --json` prints. */
export interface Explanation {
  readonly platform: string;
  readonly source: 'linux' | 'portable';
  readonly root: string;
  readonly sensors: readonly ExplainedSensor[];
  /** All temperature inputs, in the order in which they were found. */
  readonly temperatures: readonly ExplainedInput[];
  /** Inputs that are not in that list, and why: sentences. */
  readonly notes: readonly string[];
}

/**
 * Opens all sensors, takes one round (of `cpu` two, a quarter of a second apart, so that there is a utilisation), and closes them.
 * Rejects as `openSensors` does, or when `signal` aborts; a sensor that fails is part of the answer.
 */
export async function explainSensors(
  options: SensorOptions,
  signal: AbortSignal = new AbortController().signal,
): Promise<Explanation> {
  const { source, sensors, temperatures } = await openSensorsAndSource(options);
  try {
    const { clock } = options;
    const explained = await Promise.all(
      sensors.map(async (sensor) => {
        if (sensor.name === 'cpu') {
          await explainSensor(sensor, signal);
          await new Promise<void>((resolve) => {
            clock.after(betweenSamplesMs, resolve);
          });
        }
        return explainSensor(sensor, signal);
      }),
    );
    signal.throwIfAborted();
    const judgement = await temperatures.last();
    return {
      platform: options.platform,
      source,
      root: options.root,
      sensors: explained,
      temperatures: explainInputs(judgement),
      notes: temperatures.notes(),
    };
  } finally {
    await Promise.all(sensors.map((sensor) => sensor.close?.() ?? Promise.resolve()));
  }
}

async function explainSensor(sensor: Sensor, signal: AbortSignal): Promise<ExplainedSensor> {
  const { name } = sensor;
  try {
    const readings = await sensor.read(signal);
    const omissions = sensor.omissions?.() ?? [];
    if (readings !== 'absent') return { name, state: 'read', readings, omissions };
    return {
      name,
      state: 'absent',
      readings: [],
      omissions,
      ...(sensor.hint === undefined ? {} : { note: sensor.hint }),
    };
  } catch (error) {
    const note = error instanceof Error ? error.message : String(error);
    return { name, state: 'failed', readings: [], omissions: sensor.omissions?.() ?? [], note };
  }
}

function explainInputs(judgement: Judgement | undefined): readonly ExplainedInput[] {
  if (judgement === undefined) return [];
  return judgement.inputs.map((judged) => ({
    id: judged.input.id,
    where: judged.input.where,
    celsius: judged.verdict === 'failed' ? null : judged.celsius,
    verdict: judged.verdict,
    reason: reasonFor(judged, judgement),
  }));
}
