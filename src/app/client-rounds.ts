import { Rounds } from '../client/rounds.ts';
import type { ClientConfig } from '../config/contract.ts';
import type { Log } from '../core/log.ts';
import { openSensors } from '../sensors/list.ts';
import { systemClock as clock } from '../transport/system-clock.ts';
import type { Lifecycle } from './lifecycle.ts';

/** A sensor gives up on its own slow calls first: one mount that hangs must not cost the readings of the others. */
const sensorMarginMs = 1_000;

/** The sensors of this machine, and who asks them. Rejects with `sensors-need-linux` where the wanted ones are not for this one. */
export async function openRounds(
  config: ClientConfig,
  {
    platform,
    log,
    lifecycle,
  }: { readonly platform: NodeJS.Platform; readonly log: Log; readonly lifecycle: Lifecycle },
): Promise<Rounds> {
  const { source, timeoutMs } = config.sensors;
  const sensors = await openSensors({ source, slowCallMs: timeoutMs, root: config.root, platform, clock });
  lifecycle.onStop(async () => {
    for (const sensor of sensors) await sensor.close?.();
  });
  return new Rounds({ sensors, clock, log, timeoutMs: timeoutMs + sensorMarginMs });
}
