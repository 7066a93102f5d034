#!/usr/bin/env node
import { checkNodeVersion } from './node-version.ts';

checkNodeVersion('telemetry-client');
const { launch } = await import('./launch.ts');
await launch(async (surroundings, surface) => {
  const { parseClientCommandLine } = await import('../config/command-line.ts');
  const command = await parseClientCommandLine(surroundings);
  switch (command.type) {
    case 'print':
      surface.stdout.write(command.text);
      return command.exitCode;
    case 'sensors': {
      const { showSensors } = await import('../app/sensors.ts');
      await showSensors(command, surface);
      return 0;
    }
    case 'join': {
      const { joinServer } = await import('../app/join-machine.ts');
      await joinServer(command, surface);
      return 0;
    }
    case 'run': {
      // A round is a millisecond of work every few seconds: the last of V8's compilers takes 5 MiB and gains nothing over the one before, and room
      // for 16 MiB of garbage saves little.
      const { setFlagsFromString } = await import('node:v8');
      for (const flag of ['--no-opt', '--semi-space-growth-factor=1']) setFlagsFromString(flag);
      const { runClient } = await import('../app/client.ts');
      await runClient(command.config, command.warnings, surface);
      return 0;
    }
  }
});
