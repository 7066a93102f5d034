import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { ApiClient } from '../../src/app/ctl/api-client.ts';
import { Output } from '../../src/app/ctl/output.ts';
import { patience } from '../../src/app/ctl/patience.ts';
import { lookAfterTokens } from '../../src/app/ctl/token-command.ts';
import { invitation } from '../../src/config/kinds/invitation.ts';
import { ManualClock, serve } from '../http/fake-hub.ts';
import { FakeMachines, joinToken, joinTokenView } from '../http/fake-machines.ts';
import { stranger } from './stranger.ts';
import { run } from './run.ts';

const fingerprint = '0123456789abcdef'.repeat(4);
const joinPlace = () => ({ port: 34_568, fingerprint });

describe('token new', () => {
  test('prints one line to paste, which telemetry-client join understands', async () => {
    const tokens = new FakeMachines();
    await using api = await serve({ tokens, joinPlace, clock: new ManualClock() });
    const { exitCode, stdout, stderr } = await run('token new', { api: api.url });
    expect([exitCode, stdout, stderr]).toEqual([
      0,
      `telemetry-client join hub.example:34568/${fingerprint}/${joinToken}\n`,
      '',
    ]);
    expect(tokens.asked).toEqual(['new 1 3600000']);
    expect(invitation.parse(stdout.trim().split(' ')[2] ?? '')).toEqual({
      ok: true,
      value: { server: { scheme: 'tls', host: 'hub.example', port: 34_568 }, fingerprint, token: joinToken },
    });
  });

  test('on a terminal says beside it how long it holds', async () => {
    await using api = await serve({ tokens: new FakeMachines(), joinPlace });
    const { stdout, stderr } = await run('token new --uses 20 --expires 2d', { api: api.url, isTerminal: true });
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toBe('telemetryctl: paste it on 20 machines; it holds for 2 d, and is not shown again.\n');
  });

  test('takes its bounds and the host', async () => {
    const tokens = new FakeMachines();
    await using api = await serve({ tokens, joinPlace, clock: new ManualClock() });
    const { stdout } = await run('token new --uses 3 --expires 30m --host 2001:db8::1', { api: api.url });
    expect(stdout).toContain(' join [2001:db8::1]:34568/');
    expect(tokens.asked).toEqual(['new 3 1800000']);
  });

  test.for([
    ['https://telemetry.example.org', 'telemetry.example.org'],
    ['https://192.0.2.7:8443/hub', '192.0.2.7'],
    ['https://[2001:db8::1]', '[2001:db8::1]'],
    ['http://127.0.0.1:8080', 'hub.example'],
    ['http://127.9.9.9:8080', 'hub.example'],
    ['http://localhost', 'hub.example'],
    ['http://[::1]:8080', 'hub.example'],
    ['http://[::ffff:127.0.0.1]:8080', 'hub.example'],
    ['http://0.0.0.0:8080', 'hub.example'],
  ] as const)('of the API at %s names the host %s', async ([url, host]) => {
    const view = { token: joinToken, place: joinPlace(), ...joinTokenView() };
    const api = new ApiClient({
      url: new URL(url),
      exchange: async () => new Response(JSON.stringify(view), { status: 201 }),
      token: undefined,
      signal: new AbortController().signal,
      patience,
    });
    const stdout = new PassThrough();
    const look = { columns: 80, blocks: false };
    const { signal } = new AbortController();
    const output = new Output({ stdout, stderr: stdout, colour: false, isTerminal: false, look, signal });
    const task = { type: 'new', uses: 1, expiresMs: 1000, host: undefined } as const;
    await lookAfterTokens(api, output, { type: 'token', task, json: false }, 'hub.example');
    expect(String(stdout.read())).toBe(`telemetry-client join ${host}:34568/${fingerprint}/${joinToken}\n`);
  });

  test('on a machine without a name asks for --host, and makes no token', async () => {
    const tokens = new FakeMachines();
    await using api = await serve({ tokens, joinPlace });
    for (const hostname of ['', 'localhost', 'a b']) {
      const { exitCode, stderr } = await run('token new', { api: api.url, hostname });
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('with --host')]);
    }
    expect(tokens.asked).toEqual([]);
  });

  test('for programs is what the API gives, with the line', async () => {
    await using api = await serve({ tokens: new FakeMachines(), joinPlace, clock: new ManualClock() });
    const { stdout } = await run('token new --json', { api: api.url });
    expect(JSON.parse(stdout)).toEqual({
      token: joinToken,
      place: joinPlace(),
      ...joinTokenView(),
      host: 'hub.example',
      join: `hub.example:34568/${fingerprint}/${joinToken}`,
    });
  });

  test('of a server without a TLS listener fails, says what to do, and leaves no token behind', async () => {
    const tokens = new FakeMachines();
    await using api = await serve({ tokens });
    const { exitCode, stdout, stderr } = await run('token new', { api: api.url });
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('start it with --listen tls://[::]:34568');
    expect(stderr).toContain('[no-tls-listener]');
    expect(stderr).not.toContain(joinToken);
    expect(tokens.tokens()).toEqual([joinTokenView({ state: 'revoked', expires: tokens.tokens()[0]?.expires ?? '' })]);
  });

  test.for([
    ['a command in the token', { token: 'aaaaaaaaaaaaaaaaaaaaaa; rm x' }],
    ['a command in the fingerprint', { place: { port: 1, fingerprint: '$(reboot)' } }],
    ['no place at all', { place: undefined }],
  ])('prints nothing to paste where a server that is not ours answers with %s', async ([, changes]) => {
    await using other = await stranger((response) => {
      const view = { token: joinToken, place: joinPlace(), ...joinTokenView(), ...Object(changes) };
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(view));
    });
    const { exitCode, stdout, stderr } = await run('token new', { api: other.url });
    expect([exitCode, stdout, stderr]).toEqual([1, '', expect.stringContaining('[api-not-telemetry]')]);
  });
});

describe('token', () => {
  test('lists the tokens, without the tokens themselves', async () => {
    const tokens = new FakeMachines();
    tokens.made.push(
      joinTokenView({ uses_max: 20, uses: 3 }),
      joinTokenView({ id: 'b', state: 'expired', expires: '2026-11-21T09:00:00.000Z' }),
    );
    await using api = await serve({ tokens });
    for (const line of ['token', 'token list']) {
      const { exitCode, stdout } = await run(line, { api: api.url });
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^ID +STATE +USES +MADE +EXPIRES\nkX3_9aQz +valid +3\/20 /);
      expect(stdout).toMatch(/\nb +expired +0\/1 /);
    }
    expect(JSON.parse((await run('token --json', { api: api.url })).stdout)).toEqual(tokens.tokens());
  });

  test('that there are none of is said with what to do', async () => {
    await using api = await serve({ tokens: new FakeMachines() });
    expect((await run('token', { api: api.url })).stderr).toContain('telemetryctl token new makes one.');
  });

  test('revoke ends one, and says that its machines stay', async () => {
    const tokens = new FakeMachines();
    tokens.made.push(joinTokenView(), joinTokenView({ id: '-bbbbbbb' }));
    await using api = await serve({ tokens });
    const { exitCode, stdout } = await run('token revoke kX3_9aQz', { api: api.url });
    expect([exitCode, stdout]).toEqual([
      0,
      'kX3_9aQz: revoked; it lets nobody in. Machines that it has let in stay.\n',
    ]);
    await run('token revoke id:-bbbbbbb', { api: api.url });
    expect(tokens.asked).toEqual(['revoke kX3_9aQz', 'revoke -bbbbbbb']);
  });

  test('revoke of one that there is not fails', async () => {
    await using api = await serve({ tokens: new FakeMachines() });
    const { exitCode, stderr } = await run('token revoke x', { api: api.url });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[no-such-token]')]);
  });
});
