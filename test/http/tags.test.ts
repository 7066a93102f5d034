import { expect, test } from 'vitest';
import { call, type Called } from './call.ts';
import { FakeHub, ManualClock, serve, unitView, until, type Served } from './fake-hub.ts';

const id = 'Yw1l0Ck3aT8mQ2vN5xR7sA';

function put(api: Served, body: unknown, unit = id): Promise<Called> {
  return call(`${api.url}/api/v1/units/${unit}/tags`, { method: 'PUT', body });
}

test('tags are put in the place of those that the unit had, and the answer is the unit', async () => {
  await using api = await serve({ hub: new FakeHub(unitView({ tags: { place: 'cellar', old: 'yes' } })) });
  const { status, body } = await put(api, { tags: { place: 'on the roof', rack: '7' } });
  expect([status, body]).toEqual([200, unitView({ tags: { place: 'on the roof', rack: '7' } })]);
  expect(await put(api, { tags: {} })).toMatchObject({ status: 200, body: { tags: {} } });
});

test('the audit log has the tags as text, before they are there, and no more of them than a unit may have', async () => {
  await using api = await serve();
  await put(api, { tags: { place: 'roof', rack: '7' } });
  await put(api, { tags: { place: 'x'.repeat(9_000) } });
  const lines = api.access.audit(10);
  expect(lines[0]).toMatchObject({ action: 'tags-set', target: id, details: { tags: 'place=roof, rack=7' } });
  expect(String(lines[1]?.details['tags'])).toHaveLength(1_584);
});

test.each([
  ['no tags', {}, '#/tags'],
  ['a list', { tags: ['roof'] }, '#/tags'],
  ['a number for a value', { tags: { rack: 7 } }, '#/tags/rack'],
  ['more than tags', { tags: {}, name: 'x' }, '#/name'],
])('a body with %s is refused, and says where', async (_, body, pointer) => {
  await using api = await serve();
  expect(await put(api, body)).toMatchObject({ status: 400, problem: 'bad-request', body: { errors: [{ pointer }] } });
  expect(api.hub.unit(id)).toEqual(unitView());
});

test('what the server has against the tags is said in its words', async () => {
  await using api = await serve();
  api.hub.setTags = async () => ({ type: 'bad-tags', reason: '"Rack" is no name of a tag' });
  expect(await put(api, { tags: { Rack: '7' } })).toMatchObject({
    status: 400,
    body: {
      detail: '"Rack" is no name of a tag.',
      errors: [{ detail: '"Rack" is no name of a tag', pointer: '#/tags' }],
    },
  });
});

test('a unit that is not there, and a store that takes nothing, are said', async () => {
  await using api = await serve();
  expect(await put(api, { tags: {} }, 'nobody')).toMatchObject({ status: 404, problem: 'no-such-unit' });
  api.hub.setTags = async () => ({ type: 'store-unavailable' });
  expect(await put(api, { tags: {} })).toMatchObject({ status: 503, problem: 'store-unavailable' });
});

test('a store that does not answer is a 503 problem after a bound', async () => {
  const clock = new ManualClock();
  await using api = await serve({ clock });
  let asked = false;
  api.hub.setTags = () => {
    asked = true;
    return new Promise(() => undefined);
  };
  const answered = put(api, { tags: {} });
  await until(() => asked, 'the tags at the fleet');
  clock.pass(10_000);
  expect(await answered).toMatchObject({ status: 503, problem: 'answer-timeout' });
});
