import { expect, test } from 'vitest';
import type { JoinTokenView, MachineView } from '../../../src/api/contract.ts';
import { joinWatch } from '../../../web/src/admin/join-watch.ts';

const token: JoinTokenView = {
  id: 'kX3_9aQz',
  state: 'valid',
  uses: 0,
  uses_max: 2,
  created: '2026-11-21T10:00:00.000Z',
  expires: '2026-11-21T11:00:00.000Z',
};

function machine(name: string, by: string | null, lastSeen: string): MachineView {
  const key = `${name}-key`;
  return {
    client_id: name,
    name,
    key,
    state: 'approved',
    first_seen: lastSeen,
    last_seen: lastSeen,
    peer: '',
    token: by,
  };
}

/** A server whose answers a test changes. */
function server(): { tokens: JoinTokenView[]; all: MachineView[]; asked: number } {
  return { tokens: [token], all: [], asked: 0 };
}

function watch(world: ReturnType<typeof server>): ReturnType<typeof joinWatch> {
  return joinWatch(
    {
      joinTokens: () => Promise.resolve(world.tokens),
      machines: () => {
        world.asked += 1;
        return Promise.resolve(world.all);
      },
    },
    token.id,
  );
}

test('the machines are asked for only when the token has let one in', async () => {
  const world = server();
  const look = watch(world);
  expect(await look()).toEqual({ token, joined: [] });
  expect(world.asked).toBe(0);
  world.tokens = [{ ...token, uses: 1 }];
  world.all = [
    machine('bench-01', 'another1', '2026-11-21T10:00:01Z'),
    machine('bench-07', token.id, '2026-11-21T10:00:02Z'),
  ];
  expect((await look()).joined.map(({ name }) => name)).toEqual(['bench-07']);
  await look();
  expect(world.asked).toBe(1);
});

test('the latest who joined comes first', async () => {
  const world = server();
  const look = watch(world);
  world.tokens = [{ ...token, uses: 2, state: 'used' }];
  world.all = [machine('a', token.id, '2026-11-21T10:00:01Z'), machine('b', token.id, '2026-11-21T10:00:02Z')];
  const progress = await look();
  expect(progress.joined.map(({ name }) => name)).toEqual(['b', 'a']);
  expect(progress.token?.state).toBe('used');
});

test('who has joined is still told when the token is no longer kept', async () => {
  const world = server();
  const look = watch(world);
  world.tokens = [{ ...token, uses: 1 }];
  world.all = [machine('a', token.id, '2026-11-21T10:00:01Z')];
  await look();
  world.tokens = [];
  expect(await look()).toMatchObject({ token: undefined, joined: [{ name: 'a' }] });
});

test('a list of machines that could not be had is asked for again', async () => {
  let refuse = true;
  const look = joinWatch(
    {
      joinTokens: () => Promise.resolve([{ ...token, uses: 1 }]),
      machines: () =>
        refuse ? Promise.reject(new Error('no')) : Promise.resolve([machine('a', token.id, '2026-11-21T10:00:01Z')]),
    },
    token.id,
  );
  await expect(look()).rejects.toThrow('no');
  refuse = false;
  expect((await look()).joined).toHaveLength(1);
});
