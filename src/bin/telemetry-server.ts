#!/usr/bin/env node
import { checkNodeVersion } from './node-version.ts';
import { takeOneArena } from './one-arena.ts';

checkNodeVersion('telemetry-server');
takeOneArena();
const { launch } = await import('./launch.ts');
await launch(async (surroundings, surface) => {
  const { parseServerCommandLine, reloadServerCommandLine } = await import('../config/command-line.ts');
  const command = await parseServerCommandLine(surroundings);
  if (command.type === 'print') {
    surface.stdout.write(command.text);
    return command.exitCode;
  }
  const { boundHeaps } = await import('../app/heap-bounds.ts');
  boundHeaps();
  const { runServer } = await import('../app/server.ts');
  const { config, warnings, settings } = command;
  await runServer({ config, warnings, settings, reread: () => reloadServerCommandLine(surroundings) }, surface);
  return 0;
});
