import type { ClientConfig } from '../config/contract.ts';
import { explainSensors } from '../sensors/explain.ts';
import { formatExplanation } from '../sensors/format-explanation.ts';
import { systemClock as clock } from '../transport/system-clock.ts';
import type { Surface } from './surface.ts';

export interface SensorsRequest {
  readonly json: boolean;
  readonly root: string;
  readonly source: ClientConfig['sensors']['source'];
  readonly timeoutMs: number;
}

/** `telemetry-client sensors`: one round of readings, and why they are these. */
export async function showSensors({ json, root, source, timeoutMs }: SensorsRequest, surface: Surface): Promise<void> {
  const explanation = await explainSensors(
    { source, root, platform: surface.platform, slowCallMs: timeoutMs, clock },
    surface.signal,
  );
  surface.stdout.write(json ? `${JSON.stringify(explanation, undefined, 2)}\n` : formatExplanation(explanation));
}
