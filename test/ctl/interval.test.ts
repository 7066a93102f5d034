import { expect, test } from 'vitest';
import type { UnitView } from '../../src/core/unit.ts';
import { confirming, FakeHub, serve, unitView, until } from '../http/fake-hub.ts';
import { run, start } from './run.ts';

const bench = unitView();
const old = unitView({ client_id: 'v1', name: 'old-1', v: 1 });
const lost = unitView({ client_id: 'c3', name: 'web-1', state: 'lost' });

function assuming(unit: UnitView): UnitView {
  return unit.v === 1 ? { ...unit, interval: { ...unit.interval, state: 'assumed', tries: 3 } } : confirming(unit);
}

/** Confirms when it is looked at the nth time after it was told. */
function confirmingLate(looks: number): (unit: UnitView) => UnitView {
  let count = 0;
  return (unit) => (unit.interval.state === 'sending' && ++count >= looks ? confirming(unit) : unit);
}

test('an interval is sent, and its confirmation waited for', async () => {
  await using api = await serve();
  api.hub.onLook = confirmingLate(5);
  const { exitCode, stdout, stderr } = await run('interval bench-03 0.5', { api: api.url });
  expect([exitCode, stdout, stderr]).toEqual([0, 'bench-03: every 0.5 s, confirmed\n', '']);
  expect(api.hub.asked).toEqual([{ clientId: bench.client_id, seconds: 0.5 }]);
});

test('without a confirmation in time it fails and says what that means', async () => {
  await using api = await serve();
  const { exitCode, stdout } = await run('interval bench-03 5 --timeout 0.05', { api: api.url });
  expect(exitCode).toBe(1);
  expect(stdout).toBe(
    'bench-03: not confirmed yet: it is online and keeps 10 s until it has heard of 5 s; the server goes on sending\n',
  );
});

test('with --no-wait the 202 is enough', async () => {
  await using api = await serve();
  const { exitCode, stdout } = await run('interval bench-03 5 --no-wait', { api: api.url });
  expect([exitCode, stdout]).toEqual([0, 'bench-03: every 5 s, sent\n']);
});

test('a v1 unit that was told often enough is done, and it is said what that is worth', async () => {
  await using api = await serve({ hub: new FakeHub(old) });
  api.hub.onLook = assuming;
  const { exitCode, stdout } = await run('interval old-1 5', { api: api.url });
  expect([exitCode, stdout]).toEqual([
    0,
    'old-1: every 5 s, assumed: a v1 unit never confirms, and was told 3 times\n',
  ]);
});

test('what the unit cannot is a failure with the reason', async () => {
  await using api = await serve({ hub: new FakeHub(old) });
  const { exitCode, stdout } = await run('interval old-1 0.5', { api: api.url });
  expect([exitCode, stdout]).toEqual([1, 'old-1: not changed: old-1 speaks v1, which knows whole seconds only\n']);
});

test("somebody else's later change is told, not taken for a confirmation", async () => {
  await using api = await serve();
  api.hub.onLook = (unit) =>
    unit.interval.rev === 2
      ? { ...unit, interval: { confirmed: 60, wanted: 60, rev: 3, state: 'confirmed', tries: 1 } }
      : unit;
  const { exitCode, stdout } = await run('interval bench-03 5', { api: api.url });
  expect([exitCode, stdout]).toEqual([1, 'bench-03: somebody else has changed it to 60 s meanwhile\n']);
});

test('a confirmation of an earlier revision is none', async () => {
  await using api = await serve();
  api.hub.outcome = async () => {
    const unit = unitView({ interval: { confirmed: 10, wanted: 5, rev: 9, state: 'sending', tries: 0 } });
    return { type: 'accepted', unit, rev: 9 };
  };
  const { exitCode } = await run('interval bench-03 5 --timeout 0.05', { api: api.url });
  expect(exitCode).toBe(1);
});

test('one that is away is waited for, since it may come back', async () => {
  await using api = await serve({ hub: new FakeHub(lost) });
  let looks = 0;
  api.hub.onLook = (unit) => (++looks > 4 ? confirming({ ...unit, state: 'online' }) : unit);
  const { exitCode, stdout, stderr } = await run('interval web-1 5', { api: api.url });
  expect([exitCode, stdout]).toEqual([0, 'web-1: every 5 s, confirmed\n']);
  expect(stderr).toContain('web-1 is lost; waiting up to 30 s for it to come back');
});

test('all goes to all, waits for those that are there, and says how many of each', async () => {
  await using api = await serve({ hub: new FakeHub(bench, old, lost) });
  api.hub.onLook = assuming;
  const { exitCode, stdout } = await run('interval all 5', { api: api.url });
  expect(exitCode).toBe(0);
  expect(stdout).toBe(
    [
      'bench-03: every 5 s, confirmed',
      'old-1: every 5 s, assumed: a v1 unit never confirms, and was told 3 times',
      'web-1: every 5 s as soon as it is back; it is lost',
      '3 units: 1 confirmed, 1 assumed, 1 sent, not waited for',
      '',
    ].join('\n'),
  );
  expect(api.hub.asked.map(({ clientId }) => clientId).toSorted()).toEqual([bench.client_id, 'c3', 'v1'].toSorted());
});

test('all fails where one cannot, and changes the others all the same', async () => {
  await using api = await serve({ hub: new FakeHub(bench, old) });
  api.hub.onLook = confirming;
  const { exitCode, stdout } = await run('interval all 0.5 --json', { api: api.url });
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject([
    {
      client_id: bench.client_id,
      name: 'bench-03',
      state: 'online',
      seconds: 0.5,
      outcome: 'confirmed',
      interval: { confirmed: 0.5 },
    },
    {
      client_id: 'v1',
      outcome: 'refused',
      code: 'unit-cannot',
      reason: 'old-1 speaks v1, which knows whole seconds only',
    },
  ]);
});

test('more units than go at once all get it', async () => {
  const many = Array.from({ length: 10_001 }, (_, index) => unitView({ client_id: `c${index}`, name: `n${index}` }));
  await using api = await serve({ hub: new FakeHub(...many) });
  api.hub.onLook = confirming;
  const { exitCode, stdout } = await run('interval all 5', { api: api.url });
  expect([exitCode, stdout.split('\n').at(-2)]).toEqual([0, '10001 units: 10001 confirmed']);
  expect(api.access.audit(10).map(({ action }) => action)).toEqual(['intervals-set', 'intervals-set']);
});

test('all without any unit is a failure: nothing was done', async () => {
  await using api = await serve({ hub: new FakeHub() });
  const { exitCode, stderr } = await run('interval all 5', { api: api.url });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('There are no units yet, so nothing was changed')]);
});

test('to end it while it waits is a failure that says what may have happened', async () => {
  await using api = await serve();
  const waiting = start('interval bench-03 5', { api: api.url });
  await until(() => api.hub.asked.length === 1, 'the wish');
  waiting.end();
  expect(await waiting.exitCode).toBe(1);
  expect(waiting.stderr()).toContain('the change may have been sent');
});
