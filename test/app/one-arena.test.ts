import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startDaemon } from '../program.ts';

/** What a server that listens was started with, once it has chosen; its standard error with it. */
async function environmentOf(
  given: Readonly<Record<string, string>>,
): Promise<{ readonly arenas: readonly string[]; readonly argv: readonly string[]; readonly errors: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-arena-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const options = ['--listen=tcp://127.0.0.1:0', '--http=off', `--data-dir=${folder}`];
  const server = startDaemon('telemetry-server', options, { TELEMETRY_STORE_KIND: 'memory', ...given });
  onTestFinished(async () => {
    await server.stop();
  });
  await server.event({ event: 'listening' });
  const of = (file: string): readonly string[] => readFileSync(`/proc/${server.pid}/${file}`, 'utf8').split('\0');
  return {
    arenas: of('environ').filter((line) => line.startsWith('MALLOC_')),
    argv: of('cmdline').slice(-1 - options.length, -1),
    errors: server.errors(),
  };
}

test('a server runs with one malloc arena, in the process that was started, with the arguments it was given', async () => {
  const { arenas, argv, errors } = await environmentOf({});
  expect(arenas).toEqual(['MALLOC_ARENA_MAX=1']);
  expect(argv).toHaveLength(3);
  expect(argv[0]).toBe('--listen=tcp://127.0.0.1:0');
  expect(errors).toBe('');
});

test('what an operator has chosen for malloc stays', async () => {
  const { arenas } = await environmentOf({ MALLOC_ARENA_MAX: '3' });
  expect(arenas).toEqual(['MALLOC_ARENA_MAX=3']);
});
