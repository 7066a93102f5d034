import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Scope } from '../../src/access/contract.ts';
import { confirming, serve, type Served, unitView } from '../http/fake-hub.ts';
import { temporaryFolder } from '../store/opened.ts';
import { stranger } from './stranger.ts';
import { run } from './run.ts';

function tokenOf(api: Served, scope: Scope): string {
  return api.access.addApiToken({ name: 'test', scope, expiresMs: undefined }, { who: 'local:test', from: 'console' })
    .token;
}

function fileWith(text: string): string {
  const file = join(temporaryFolder(), 'token');
  writeFileSync(file, text);
  return file;
}

describe('an API token', () => {
  test('is asked for where the server wants to know who asks', async () => {
    await using api = await serve({ login: 'always' });
    for (const line of ['units', 'tail']) {
      const { exitCode, stderr } = await run(line, { api: api.url });
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[api-unauthenticated]')]);
      expect(stderr).toContain('give an API token in TELEMETRY_API_TOKEN, or a file with one in --api-token-file');
    }
  });

  test('lets in, from the environment, a file that it names, or a file on the command line', async () => {
    await using api = await serve({ login: 'always' });
    api.hub.onLook = confirming;
    const token = tokenOf(api, 'operate');
    const file = fileWith(`${token}\n`);
    for (const [line, env] of [
      ['interval bench-03 5', { TELEMETRY_API_TOKEN: token }],
      ['interval bench-03 5', { TELEMETRY_API_TOKEN_FILE: file }],
      [
        `interval bench-03 5 --api-token-file ${file}`,
        { TELEMETRY_API_TOKEN: 'wrong', TELEMETRY_API_TOKEN_FILE: '/no' },
      ],
    ] as const) {
      const { exitCode, stderr } = await run(line, { api: api.url, env });
      expect([exitCode, stderr]).toEqual([0, '']);
    }
  });

  test('that the server does not know is said to be none of its own', async () => {
    await using api = await serve();
    const { exitCode, stderr } = await run('units', { api: api.url, env: { TELEMETRY_API_TOKEN: 'thub_other' } });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('does not take this API token')]);
    expect(stderr).not.toContain('thub_other');
  });

  test('of too small a scope is said to be, with what helps', async () => {
    await using api = await serve({ login: 'always' });
    const env = { TELEMETRY_API_TOKEN: tokenOf(api, 'read') };
    const { stdout, exitCode } = await run('units', { api: api.url, env });
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('bench-03')]);
    const refused = await run('interval bench-03 5', { api: api.url, env });
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('[api-forbidden]')]);
    expect(refused.stderr).toContain('telemetryctl api-token new NAME --scope operate');
    expect(api.hub.asked).toEqual([]);
  });

  test.for([
    ['', { TELEMETRY_API_TOKEN: 'a', TELEMETRY_API_TOKEN_FILE: 'b' }, 'are both set; one of them is enough'],
    ['', { TELEMETRY_API_TOKEN: 'two words' }, 'TELEMETRY_API_TOKEN holds no API token'],
    ['', { TELEMETRY_API_TOKEN: 'x\r\nHost: y' }, 'TELEMETRY_API_TOKEN holds no API token'],
    ['--api-token-file /no/such/file', {}, 'The file with the API token cannot be read'],
  ] as const)('as %s %j is bad usage, and is not shown', async ([flags, env, said]) => {
    const { exitCode, stderr } = await run(`units ${flags}`, { env });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(said)]);
    expect(stderr).not.toMatch(/two words|Host: y|salt/);
  });

  test.for(['root:$6$salt:20000\nmore', ''])(
    'in a file that holds %j is bad usage, and is not shown',
    async (content) => {
      const { exitCode, stderr } = await run(`units --api-token-file ${fileWith(content)}`);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('holds no API token')]);
      expect(stderr).not.toContain('salt');
    },
  );

  test('has no flag of its own, since every user may see the command lines of a machine', async () => {
    const { exitCode, stderr } = await run('units --api-token thub_x');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Unknown argument: api-token')]);
  });

  test('that goes to another machine without TLS is warned about; to this one it is not', async () => {
    const env = { TELEMETRY_API_TOKEN: 'thub_x' };
    // An address of documentation, at which nobody is (RFC 5737).
    const there = await run('units', { api: 'http://192.0.2.1', env, patience: { callMsMax: 20, retries: 0 } });
    expect(there.stderr).toContain('the API token goes to 192.0.2.1 without TLS');
    await using here = await stranger((response) => response.end(`[${JSON.stringify(unitView())}]`));
    expect((await run('units', { api: here.url, env })).stderr).toBe('');
  });

  test('is of no concern to what works on the files of the server', async () => {
    const data = temporaryFolder();
    const env = { TELEMETRY_API_TOKEN: 'two words', TELEMETRY_API_TOKEN_FILE: '' };
    expect((await run(['audit', '--data-dir', data], { env })).exitCode).toBe(0);
  });
});
