#!/usr/bin/env node
import { checkNodeVersion } from './node-version.ts';

checkNodeVersion('telemetry-fleet');
const { launch } = await import('./launch.ts');
await launch(async ({ argv }, { stdout, signal, version }) => {
  const [{ readFleetCommandLine }, { availableParallelism }, { randomInt }] = await Promise.all([
    import('../fleet/command-line.ts'),
    import('node:os'),
    import('node:crypto'),
  ]);
  const processors = availableParallelism();
  const command = readFleetCommandLine({ argv, version, processors, drawSeed: () => randomInt(2 ** 32) });
  if (command.type === 'print') {
    stdout.write(command.text);
    return 0;
  }
  const { runFleet } = await import('../fleet/run-fleet.ts');
  const cpuMs = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  };
  return runFleet(command, { stdout, signal, cpuMs });
});
