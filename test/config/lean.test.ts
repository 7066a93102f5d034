import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from './temporary-file.ts';

const run = promisify(execFile);
const commandLine = new URL('../../src/config/command-line.ts', import.meta.url).href;

/** The packages that a daemon has loaded when its command line has been read. */
async function packagesAfter(
  program: 'Server' | 'Client',
  argv: readonly string[],
  cwd: string,
): Promise<readonly string[]> {
  const script = `
    import { registerHooks } from 'node:module';
    const packages = new Set();
    registerHooks({ load(url, context, next) { const name = /\\/node_modules\\/([^/]+)/.exec(url)?.[1]; if (name) packages.add(name); return next(url, context); } });
    const { parse${program}CommandLine } = await import(${JSON.stringify(commandLine)});
    const machine = { cwd: ${JSON.stringify(cwd)}, env: {}, platform: 'linux', euid: 0, homedir: '/', hostname: 'h', version: '1' };
    const { type } = await parse${program}CommandLine({ ...machine, argv: ${JSON.stringify(argv)} });
    console.log(JSON.stringify([type, ...[...packages].sort()]));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
  const loaded: unknown = JSON.parse(stdout);
  return Array.isArray(loaded) ? loaded.map(String) : [];
}

test('a daemon that runs by flags or by a plain file has loaded no package', async () => {
  const cwd = temporaryFolder({
    'c.yaml': 'server: hub\nlog:\n  level: debug\n',
    's.yaml': 'listen:\n  - tcp://[::]:0 # any\n',
  });
  expect(await packagesAfter('Client', ['--server', 'hub', '--name', 'x'], cwd)).toEqual(['run']);
  expect(await packagesAfter('Client', ['--config', 'c.yaml'], cwd)).toEqual(['run']);
  expect(await packagesAfter('Server', ['--config', 's.yaml', '--http', 'off'], cwd)).toEqual(['run']);
});

test('other YAML loads the library and zod, the help loads yargs', async () => {
  const cwd = temporaryFolder({ 'c.yaml': 'server: "hub"\nlog: {level: debug}\n' });
  expect(await packagesAfter('Client', ['--config', 'c.yaml'], cwd)).toEqual(['run', 'yaml', 'zod']);
  expect(await packagesAfter('Client', ['--help'], cwd)).toEqual(expect.arrayContaining(['print', 'yargs']));
});
