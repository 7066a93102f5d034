import { describe, expect, test } from 'vitest';
import { ManualClock, serve } from '../http/fake-hub.ts';
import { FakeMachines, machineView } from '../http/fake-machines.ts';
import { run } from './run.ts';

const bench = machineView();
const web = machineView({
  client_id: 'b2',
  name: 'web-1',
  key: '-z9y8x7w6v5u4t3s2r1q0',
  state: 'approved',
  last_seen: '2026-11-21T08:00:00.000Z',
  peer: '2001:db8::7',
  token: 'kX3_9aQz',
});
/** Somebody else who asks for the name of `bench`. */
const impostor = machineView({ client_id: 'c3', key: 'Zz'.repeat(21), peer: '203.0.113.9' });

describe('machines', () => {
  test('are a table of who waits and who is served', async () => {
    await using api = await serve({ machines: new FakeMachines(bench, web), clock: new ManualClock() });
    const { exitCode, stdout, stderr } = await run('machines', { api: api.url });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.replaceAll(/\d+ \w+ ago|now/g, '…')).toMatch(
      /^NAME +STATE +KEY +LAST SEEN +ADDRESS +TOKEN\nbench-03 +pending +Ab3dEf6h +… +192\.0\.2\.7 +-\nweb-1 +approved +-z9y8x7w +… +2001:db8::7 +kX3_9aQz\n$/,
    );
  });

  test('are for programs as the API gives them', async () => {
    await using api = await serve({ machines: new FakeMachines(bench, web) });
    for (const line of ['machines --json', 'machines list --json'])
      expect(JSON.parse((await run(line, { api: api.url })).stdout)).toEqual([bench, web]);
  });

  test('that there are none of is said with what to do', async () => {
    await using api = await serve({ machines: new FakeMachines() });
    const { exitCode, stderr } = await run('machines', { api: api.url });
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('telemetryctl token new lets one in.')]);
  });

  test('with a name that would steer a terminal are shown without steering it', async () => {
    const machines = new FakeMachines(machineView({ name: '\u001B[2Jx', peer: '\u202E1' }));
    await using api = await serve({ machines });
    for (const line of ['machines', 'machines --json', 'machines approve Ab3dEf']) {
      const { stdout } = await run(line, { api: api.url });
      for (const character of ['\u001B', '\u202E']) expect(stdout).not.toContain(character);
    }
  });
});

describe('a change', () => {
  test.for([
    ['approve', 'bench-03 (key Ab3dEf6h): approved; its client is served when it tries again, within a minute.'],
    ['revoke', 'revoked; it is not served from now on, and no other key gets its name.'],
    ['forget', 'gone from the list; it waits again when its client tries again.'],
  ] as const)('%s is done, and says what it means for the machine', async ([verb, said]) => {
    const machines = new FakeMachines(bench, web);
    await using api = await serve({ machines });
    const { exitCode, stdout, stderr } = await run(`machines ${verb} bench-03`, { api: api.url });
    expect([exitCode, stdout, stderr]).toEqual([0, expect.stringContaining(said), '']);
    expect(machines.asked).toEqual([`${verb} ${bench.client_id}`]);
  });

  test('forget of one that was served says that the name waits for an operator', async () => {
    await using api = await serve({ machines: new FakeMachines(web) });
    const { stdout } = await run('machines forget web-1', { api: api.url });
    expect(stdout).toContain('waits until telemetryctl machines approve gives it name and history');
  });

  test('rename gives it the new name; for programs it is the machine as it is now', async () => {
    const machines = new FakeMachines(bench);
    await using api = await serve({ machines });
    const renamed = await run(['machines', 'rename', 'bench-03', 'bench 04'], { api: api.url });
    expect(renamed.stdout).toBe('bench-03 (key Ab3dEf6h): is bench 04 from now on.\n');
    const { stdout } = await run(['machines', 'revoke', 'bench 04', '--json'], { api: api.url });
    expect(JSON.parse(stdout)).toEqual({ ...bench, name: 'bench 04', state: 'revoked' });
  });

  test.for([
    [bench.client_id, bench],
    ['Ab3dEf', bench],
    ['key:Ab3dEf', bench],
    ['key:-z9y8x', web],
    ['web-1', web],
  ] as const)('takes %s for the machine', async ([name, machine]) => {
    const machines = new FakeMachines(bench, web);
    await using api = await serve({ machines });
    expect((await run(['machines', 'approve', name], { api: api.url })).exitCode).toBe(0);
    expect(machines.asked).toEqual([`approve ${machine.client_id}`]);
  });

  test.for([
    ['Ab3dE', 'telemetryctl machines lists those'],
    ['bench-30', 'did you mean bench-03?'],
  ] as const)('of %s, which is nobody, changes nothing and says what to do', async ([name, advice]) => {
    const machines = new FakeMachines(bench, web);
    await using api = await serve({ machines });
    const { exitCode, stderr } = await run(['machines', 'revoke', name], { api: api.url });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(advice)]);
    expect(stderr).toContain('[no-such-machine]');
    expect(machines.asked).toEqual([]);
  });

  test('of a name that two keys ask for changes nothing, and lists both with keys and addresses', async () => {
    const machines = new FakeMachines(bench, impostor);
    await using api = await serve({ machines });
    const { exitCode, stderr } = await run('machines approve bench-03', { api: api.url });
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      'telemetryctl: 2 machines match "bench-03"; say which by the beginning of its key:\n' +
        '  Ab3dEf6h  bench-03, pending, from 192.0.2.7\n  ZzZzZzZz  bench-03, pending, from 203.0.113.9\n [machine-ambiguous]\n',
    );
    expect(machines.asked).toEqual([]);
    await run('machines approve ZzZzZz', { api: api.url });
    expect(machines.asked).toEqual(['approve c3']);
  });

  test('is never done to a machine that has called itself by the client_id of another', async () => {
    const liar = machineView({ client_id: 'd4', name: bench.client_id, key: 'Q'.repeat(43) });
    const machines = new FakeMachines(liar, bench);
    await using api = await serve({ machines });
    await run(['machines', 'approve', bench.client_id], { api: api.url });
    expect(machines.asked).toEqual([`approve ${bench.client_id}`]);
  });

  test('that the server refuses is told in its words, with a code of its own', async () => {
    const machines = new FakeMachines(bench);
    await using api = await serve({ machines });
    machines.outcome = async () => ({ type: 'machine-cannot', reason: 'web-1 is the name of another machine' });
    expect(await run('machines rename bench-03 web-1', { api: api.url })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'telemetryctl: web-1 is the name of another machine [machine-cannot]\n',
    });
    machines.outcome = async () => ({ type: 'no-such-machine' });
    expect((await run('machines approve bench-03', { api: api.url })).stderr).toContain('[no-such-machine]');
  });
});
