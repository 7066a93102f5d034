import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';

import { startDaemon } from '../program.ts';
import { exampleText } from './example-file.ts';

interface Service {
  readonly build: { readonly context: string; readonly dockerfile: string; readonly target: string };
  readonly command: readonly string[];
  readonly volumes: readonly (string | { readonly target: string; readonly read_only?: boolean })[];
  readonly read_only: boolean;
  readonly stop_grace_period: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly ports?: readonly string[];
}

const compose: { readonly services: Readonly<Record<'server' | 'client', Service>> } = parse(
  exampleText('docker/compose.yaml'),
);
const { server, client } = compose.services;
/** The instructions with their continued lines joined. */
const instructions = exampleText('docker/Dockerfile')
  .replaceAll(/^\s*#.*\n/gm, '')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => line !== '');

/** The arguments after the program's name of the last `ENTRYPOINT` of a stage. */
function entrypoint(stage: string): readonly string[] {
  const from = instructions.findIndex((line) => line.endsWith(` AS ${stage}`));
  const line = instructions.slice(from).find((candidate) => candidate.startsWith('ENTRYPOINT '));
  const words: unknown = JSON.parse(line?.replace('ENTRYPOINT ', '') ?? '[]');
  return Array.isArray(words) ? words.map(String) : [];
}

describe('examples/docker', () => {
  test.each(['server', 'client'] as const)('the %s is started with a command line that it takes', async (stage) => {
    const [name, ...first] = entrypoint(stage);
    expect(name).toBe(`telemetry-${stage}`);
    const then = compose.services[stage].command.map((word) => word.replace(/\$\{\w+:-(.+)\}/, '$1'));
    await using program = startDaemon(`telemetry-${stage}`, ['config', 'check', ...first, ...then]);
    expect(await program.ended, program.errors()).toEqual({ code: 0, signal: null });
  });

  test('each service is built from a stage that the Dockerfile has', () => {
    for (const { build } of [server, client]) {
      expect(build).toMatchObject({ context: '../..', dockerfile: 'examples/docker/Dockerfile' });
      expect(instructions).toContain(`FROM runtime AS ${build.target}`);
    }
  });

  test('the programs and the page are built as npm run build does it, from folders that were copied', () => {
    const { build, 'build:web': buildPage } = (
      JSON.parse(exampleText('../package.json')) as { readonly scripts: Readonly<Record<string, string>> }
    ).scripts;
    // Types, and what a build before has left, are nothing to an image.
    const steps = [...(build ?? '').split(' && '), ...(buildPage ?? '').split(' && ')].filter(
      (step) => !/^tsc |^npm run |clean\.ts$/.test(step),
    );
    expect(steps).toContainEqual(expect.stringMatching(/^vite build web\b/));
    const run = instructions.find((line) => line.includes('tools/bundle.ts'))?.replaceAll('node_modules/.bin/', '');
    for (const step of steps) expect(run).toContain(step);
    for (const folder of ['src', 'tools', 'web']) expect(instructions).toContain(`COPY ${folder} ${folder}`);
  });

  test('the programs run without root, on file systems that they cannot write to but for /data', () => {
    const user = instructions.indexOf('USER node');
    expect(user).toBeGreaterThan(instructions.findIndex((line) => line.endsWith(' AS runtime')));
    expect(instructions.slice(user).some((line) => line.startsWith('RUN '))).toBe(false);
    expect(server.read_only).toBe(true);
    expect(client.read_only).toBe(true);
    expect([...entrypoint('server'), ...entrypoint('client')].filter((word) => word === '/data')).toHaveLength(2);
  });

  test('the client sees the machine below the root that it is told, and can change nothing there', () => {
    const root = client.command[client.command.indexOf('--root') + 1];
    const mounts = client.volumes.flatMap((volume) => (typeof volume === 'string' ? [] : [volume]));
    expect(mounts.map(({ target }) => target)).toEqual([root, `${root}/proc`, `${root}/sys`]);
    expect(mounts.every((mount) => mount.read_only === true)).toBe(true);
  });

  test('the API stays inside the container, since nobody has an account at first', () => {
    expect([...entrypoint('server'), ...server.command]).not.toContain('--http');
    expect(server.ports).toEqual(['34567:34567/tcp', '34568:34568/tcp']);
  });

  test('the check of health asks the port that the server listens on by default', () => {
    const check = instructions.find((line) => line.startsWith('HEALTHCHECK '));
    expect(check).toContain('http://127.0.0.1:8080/readyz');
    expect(client.depends_on).toEqual({ server: { condition: 'service_healthy' } });
  });
});
