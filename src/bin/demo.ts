#!/usr/bin/env node
import { checkNodeVersion } from './node-version.ts';

checkNodeVersion('npm start');
const { launch } = await import('./launch.ts');
await launch(async (surroundings, surface) => {
  const { parseClientCommandLine, parseServerCommandLine } = await import('../config/command-line.ts');
  const folder = `${surroundings.cwd}/.telemetry`;
  const server = await parseServerCommandLine({
    ...surroundings,
    argv: [
      '--listen',
      'tcp://127.0.0.1:34567',
      '--interval',
      '2',
      '--data-dir',
      `${folder}/server`,
      ...surroundings.argv,
    ],
  });
  const client = await parseClientCommandLine({
    ...surroundings,
    argv: ['--server', '127.0.0.1', '--state-dir', `${folder}/client`],
  });
  if (server.type !== 'run' || client.type !== 'run') return 2;
  const { runDemo } = await import('../app/demo.ts');
  await runDemo({ server: { ...server, warnings: [] }, client: client.config }, surface);
  return 0;
});
