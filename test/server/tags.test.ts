import { describe, expect, test } from 'vitest';
import { textOfTags, whyBadTags } from '../../src/core/tags.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import type { Appended, Batch } from '../../src/store/contract.ts';
import { FailingStore } from './failing-store.ts';
import { PlayedConnection, PlayedServer, turn } from './played-server.ts';

/** A store whose commits end when a test says so: stored, or not. */
class PacedStore extends MemoryStore {
  readonly #commits: (() => void)[] = [];
  isPaced = false;

  override async append(batch: Batch): Promise<Appended> {
    if (this.isPaced) await new Promise<void>((resolve, reject) => this.#commits.push(this.#ending(resolve, reject)));
    return super.append(batch);
  }

  #next: 'stored' | 'failed' = 'stored';

  async end(outcome: 'stored' | 'failed'): Promise<void> {
    while (this.#commits.length === 0) await turn();
    this.#next = outcome;
    this.#commits.shift()?.();
    for (let turns = 0; turns < 4; turns += 1) await turn();
  }

  #ending(resolve: () => void, reject: (error: Error) => void): () => void {
    return () => {
      if (this.#next === 'stored') resolve();
      else reject(new Error('the disk is full'));
    };
  }
}

async function tagsIn(store: MemoryStore): Promise<unknown> {
  return (await store.units())[0]?.tags;
}

test('tags are on the unit when they are stored, and are told of', async () => {
  const server = new PlayedServer();
  const id = await new PlayedConnection(server).register('e1');
  expect(await server.hub.setTags(id, { place: 'roof', rack: '7' })).toMatchObject({
    type: 'done',
    unit: { client_id: id, tags: { place: 'roof', rack: '7' } },
  });
  expect(await server.hub.setTags(id, { rack: '8' })).toMatchObject({ type: 'done' });
  expect(await server.hub.setTags(id, { rack: '8' })).toMatchObject({ type: 'done' });
  expect(await server.hub.setTags(id, {})).toMatchObject({ type: 'done', unit: { tags: {} } });
  expect(server.told('tags-changed')).toEqual([
    { unit: 'u', client_id: id, tags: 'place=roof, rack=7', former: '' },
    { unit: 'u', client_id: id, tags: 'rack=8', former: 'place=roof, rack=7' },
    { unit: 'u', client_id: id, tags: '', former: 'rack=8' },
  ]);
  expect((await server.store.units())[0]).not.toHaveProperty('tags');
  expect(await server.hub.setTags('nobody', {})).toEqual({ type: 'no-such-unit' });
});

test('what the caller does to its tags later changes nothing', async () => {
  const server = new PlayedServer();
  const id = await new PlayedConnection(server).register('e1');
  const tags = { place: 'roof' };
  const stored = server.hub.setTags(id, tags);
  tags.place = 'cellar';
  await stored;
  expect(server.hub.unit(id)?.tags).toEqual({ place: 'roof' });
});

test('tags survive registrations, another name, and the server', async () => {
  const server = new PlayedServer();
  const first = new PlayedConnection(server);
  const id = await first.register('e1');
  await server.hub.setTags(id, { place: 'roof' });
  await first.leave();
  const second = new PlayedConnection(server);
  second.say({ id, epoch: 'e2', name: 'other' });
  while (server.hub.unit(id)?.name !== 'other') await turn();
  expect(server.hub.unit(id)?.tags).toEqual({ place: 'roof' });
  await second.lose();
  const next = await PlayedServer.over(server.store);
  expect(next.hub.unit(id)).toMatchObject({ name: 'other', tags: { place: 'roof' } });
});

describe('a store that does not take them', () => {
  test('leaves the unit those that it had, and is told what holds as soon as it can be', async () => {
    const store = new FailingStore();
    const server = new PlayedServer(store);
    const id = await new PlayedConnection(server).register('e1');
    await server.hub.setTags(id, { place: 'roof' });
    store.fails = 'after';
    expect(await server.hub.setTags(id, { place: 'cellar' })).toEqual({ type: 'store-unavailable' });
    expect([server.hub.unit(id)?.tags, await tagsIn(store)]).toEqual([{ place: 'roof' }, { place: 'cellar' }]);
    store.fails = 'no';
    await server.hub.setInterval(await otherUnit(server), 5);
    while (Object(await tagsIn(store)).place !== 'roof') await turn();
    expect(server.told('tags-changed')).toHaveLength(1);
  });

  test('and fails once more when it is told, is told again', async () => {
    const store = new FailingStore();
    const server = new PlayedServer(store);
    const id = await new PlayedConnection(server).register('e1');
    const other = await otherUnit(server);
    store.fails = 'after';
    await server.hub.setTags(id, { place: 'cellar' });
    store.fails = 'no';
    const first = server.hub.setInterval(other, 5);
    await first;
    store.fails = 'before';
    for (let turns = 0; turns < 4; turns += 1) await turn();
    expect(await tagsIn(store)).toEqual({ place: 'cellar' });
    store.fails = 'no';
    await server.hub.setInterval(other, 6);
    while ((await tagsIn(store)) !== undefined) await turn();
    expect(server.hub.unit(id)?.tags).toEqual({});
  });
});

test('a unit that the store never took is not there for having got tags', async () => {
  const store = new FailingStore();
  const server = new PlayedServer(store);
  store.fails = 'before';
  new PlayedConnection(server).say({ epoch: 'e1' });
  expect(await server.hub.setTags('unit-1', { place: 'roof' })).toEqual({ type: 'store-unavailable' });
  store.fails = 'no';
  await otherUnit(server);
  for (let turns = 0; turns < 6; turns += 1) await turn();
  expect((await store.units()).map(({ clientId }) => clientId)).toEqual(['unit-2']);
});

/** The story of two changes of which the second comes while the first is on its way to the store. */
async function twoChanges(outcomes: readonly ('stored' | 'failed')[]): Promise<unknown> {
  const store = new PacedStore();
  const server = new PlayedServer(store);
  const id = await new PlayedConnection(server).register('e1');
  await server.hub.setTags(id, { place: 'first' });
  store.isPaced = true;
  const one = server.hub.setTags(id, { place: 'second' });
  await turn();
  const two = server.hub.setTags(id, { place: 'third' });
  for (const outcome of outcomes) await store.end(outcome);
  store.isPaced = false;
  const said = [(await one).type, (await two).type];
  return [...said, server.hub.unit(id)?.tags['place'], Object(await tagsIn(store)).place];
}

test('of two changes at the same time the one that was stored last holds, in memory and in the store', async () => {
  expect(await twoChanges(['stored', 'stored'])).toEqual(['done', 'done', 'third', 'third']);
  expect(await twoChanges(['stored', 'failed'])).toEqual(['done', 'store-unavailable', 'second', 'second']);
  expect(await twoChanges(['failed'])).toEqual(['store-unavailable', 'store-unavailable', 'first', 'first']);
});

test.each([
  ['Place', 'roof', '"Place" is no name of a tag'],
  ['7', 'roof', '"7" is no name of a tag'],
  ['', 'roof', '"" is no name of a tag'],
  ['a b', 'roof', '"a b" is no name of a tag'],
  ['ä', 'roof', '"ä" is no name of a tag'],
  ['__proto__', 'roof', '"__proto__" is no name of a tag'],
  ['a'.repeat(33), 'roof', 'at most 32 characters'],
  ['place', '', 'the value of the tag place is 0 characters long; 1 to 64 are possible'],
  ['place', 'x'.repeat(65), 'the value of the tag place is 65 characters long; 1 to 64 are possible'],
  ['place', 'a\nb', 'the value of the tag place has control characters'],
  ['place', 'a\u009b31m', 'the value of the tag place has control characters'],
])('%j=%j is no tag, with a reason, and changes nothing', async (name, value, reason) => {
  const server = new PlayedServer();
  const id = await new PlayedConnection(server).register('e1');
  await server.hub.setTags(id, { a: '1' });
  const tags = Object.fromEntries([
    ['ok', 'x'],
    [name, value],
  ]);
  expect(await server.hub.setTags(id, tags)).toEqual({ type: 'bad-tags', reason: expect.stringContaining(reason) });
  expect(server.hub.unit(id)?.tags).toEqual({ a: '1' });
});

test('as many tags as may be are, with the longest names and values, and one more is not', () => {
  const many = (count: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`t.${index}`.padEnd(32, '_'), '–'.repeat(64)]));
  expect(whyBadTags(many(16))).toBeUndefined();
  expect(whyBadTags(many(17))).toBe('17 tags are more than the 16 that a unit may have');
  expect(whyBadTags({})).toBeUndefined();
  expect(textOfTags({ b: '1', 'a-1': 'two words' })).toBe('b=1, a-1=two words');
});

/** Registered from elsewhere, so that there is something else to store. */
function otherUnit(server: PlayedServer): Promise<string> {
  return new PlayedConnection(server, '192.0.2.8').register('e1');
}
