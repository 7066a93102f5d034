import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startDaemon } from '../program.ts';

const launcher = new URL('../../src/bin/launch.ts', import.meta.url).href;

/** A program that is launched as ours are; it says what becomes of it, a line each. */
function launched(body: string): {
  readonly lines: AsyncIterator<string>;
  kill(): void;
  readonly ended: Promise<unknown>;
} {
  const code = `import { launch } from ${JSON.stringify(launcher)};
    await launch(async (surroundings, surface) => { const say = (line) => surface.stdout.write(line + '\\n'); ${body} });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = child.stdout.setEncoding('utf8')[Symbol.asyncIterator]();
  return {
    lines,
    kill: () => void child.kill('SIGHUP'),
    ended: once(child, 'exit').then(([exitCode, signal]) => ({ exitCode, signal })),
  };
}

test('whoever listens for SIGHUP is called each time and lives on, until he does not listen any more', async () => {
  const program = launched(`
    let count = 0;
    await new Promise((resolve) => {
      const stop = surface.onReload(() => {
        count += 1;
        if (count === 2) { stop(); resolve(); }
        say('reload ' + count);
      });
      setInterval(() => undefined, 1000);
      say('ready');
    });
    await new Promise(() => undefined);
  `);
  expect((await program.lines.next()).value).toBe('ready\n');
  program.kill();
  expect((await program.lines.next()).value).toBe('reload 1\n');
  program.kill();
  expect((await program.lines.next()).value).toBe('reload 2\n');
  program.kill();
  expect(await program.ended).toEqual({ exitCode: null, signal: 'SIGHUP' });
});

test('a client whose terminal closes ends, as other programs do', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-signals-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await using client = startDaemon('telemetry-client', ['--server', '127.0.0.1:1', '--state-dir', folder]);
  await client.event({ event: 'connection-lost' });
  expect(await client.stop({ signal: 'SIGHUP' })).toEqual({ code: null, signal: 'SIGHUP' });
});
