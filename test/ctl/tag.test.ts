import { describe, expect, test } from 'vitest';
import { whyBadTags } from '../../src/core/tags.ts';
import type { Tags } from '../../src/api/contract.ts';
import type { TagsOutcome } from '../../src/server/contract.ts';
import { FakeHub, serve, unitView } from '../http/fake-hub.ts';
import { run } from './run.ts';
import { stranger } from './stranger.ts';

/** Keeps tags as the server does, and remembers what was sent. */
class TagHub extends FakeHub {
  readonly sent: { readonly clientId: string; readonly tags: Tags }[] = [];

  override async setTags(clientId: string, tags: Tags): Promise<TagsOutcome> {
    this.sent.push({ clientId, tags });
    const reason = whyBadTags(tags);
    return reason === undefined ? super.setTags(clientId, tags) : { type: 'bad-tags', reason };
  }
}

const bench = unitView({ tags: { site: 'berlin', rack: '4' } });

/** Units 0, 1, 2 … without tags. */
function unitsOf(count: number): TagHub {
  const names = Array.from({ length: count }, (_, index) => `u${String(index).padStart(2, '0')}`);
  return new TagHub(...names.map((name) => unitView({ client_id: name, name })));
}

describe('tag', () => {
  test('shows what a unit is tagged with, and sends nothing', async () => {
    const hub = new TagHub(bench, unitView({ client_id: 'b', name: 'bare' }));
    await using api = await serve({ hub });
    expect(await run('tag bench-03', { api: api.url })).toEqual({
      exitCode: 0,
      stdout: 'UNIT      TAGS\nbench-03  rack=4 site=berlin\n',
      stderr: '',
    });
    expect((await run('tag all', { api: api.url })).stdout).toBe(
      'UNIT      TAGS\nbare      -\nbench-03  rack=4 site=berlin\n',
    );
    expect(hub.sent).toEqual([]);
  });

  test('sets, changes and takes off those that are named, and leaves the others', async () => {
    const hub = new TagHub(bench);
    await using api = await serve({ hub });
    const line = ['tag', bench.client_id, 'rack=5', 'site-', 'room=the roof', 'never-'];
    const { exitCode, stdout } = await run(line, { api: api.url });
    expect([exitCode, stdout]).toEqual([0, 'UNIT      TAGS\nbench-03  rack=5 room="the roof"\n']);
    expect(hub.sent).toEqual([{ clientId: bench.client_id, tags: { rack: '5', room: 'the roof' } }]);
  });

  test('sends nothing where nothing changes', async () => {
    const hub = new TagHub(bench, unitView({ client_id: 'b', name: 'bare' }));
    await using api = await serve({ hub });
    const { stdout } = await run('tag all rack=4 other-', { api: api.url });
    expect(stdout).toBe('UNIT      TAGS\nbare      rack=4\nbench-03  rack=4 site=berlin\n');
    expect(hub.sent).toEqual([{ clientId: 'b', tags: { rack: '4' } }]);
  });

  test('of two changes of one tag the last counts', async () => {
    const hub = unitsOf(1);
    await using api = await serve({ hub });
    await run('tag u00 a=1 b=1 a=2 b-', { api: api.url });
    expect(hub.sent).toEqual([{ clientId: 'u00', tags: { a: '2' } }]);
  });

  test('all tags every unit', async () => {
    const hub = unitsOf(40);
    await using api = await serve({ hub });
    const { exitCode, stdout } = await run('tag all site=x', { api: api.url });
    expect([exitCode, stdout.split('site=x').length]).toEqual([0, 41]);
    expect(new Set(hub.sent.map(({ clientId }) => clientId)).size).toBe(40);
  });

  test('--json is an array of names and tags', async () => {
    await using api = await serve({ hub: new TagHub(bench) });
    const { stdout } = await run('tag bench-03 a=b --json', { api: api.url });
    expect(JSON.parse(stdout)).toEqual([
      { client_id: bench.client_id, name: 'bench-03', tags: { site: 'berlin', rack: '4', a: 'b' } },
    ]);
  });

  test('a value may be anything that is text, and steers no terminal', async () => {
    const hub = unitsOf(1);
    await using api = await serve({ hub });
    const value = '$(id); a=b "c" \u202E日本';
    const { exitCode, stdout } = await run(['tag', 'u00', `site=${value}`], { api: api.url });
    expect([exitCode, hub.sent[0]?.tags]).toEqual([0, { site: value }]);
    expect(stdout).toContain(String.raw`site="$(id); a=b \"c\" \u202e日本"`);
    const { stdout: json } = await run('tag u00 --json', { api: api.url });
    expect(json).not.toContain('\u202E');
    expect(JSON.parse(json)).toMatchObject([{ tags: { site: value } }]);
  });

  test('a name that JavaScript has a use for is a name, which the server refuses', async () => {
    const hub = unitsOf(1);
    await using api = await serve({ hub });
    const { exitCode, stderr } = await run(['tag', 'u00', '__proto__=1'], { api: api.url });
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/\[api-refused\]\n$/)]);
    expect(hub.all.get('u00')?.tags).toEqual({});
  });

  test('what the server refuses is told in its words', async () => {
    await using api = await serve({ hub: unitsOf(1) });
    expect(await run(['tag', 'u00', 'Site=berlin'], { api: api.url })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringMatching(/^telemetryctl: "Site" is no name of a tag: .*\. \[api-refused\]\n$/),
    });
    expect((await run(['tag', 'u00', 'site=a\u0007b'], { api: api.url })).stderr).toContain('has control characters');
  });

  test('what is refused for one of all says for which, and how far it went; the same line does the rest', async () => {
    const hub = unitsOf(40);
    const full = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`t${index}`, 'x']));
    hub.all.set('u17', unitView({ client_id: 'u17', name: 'u17', tags: full }));
    await using api = await serve({ hub });
    const { exitCode, stdout, stderr } = await run('tag all site=x', { api: api.url });
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^telemetryctl: u17: 17 tags are more than the 16 that a unit may have\. 31 of 40 units have their tags; .* \[api-refused\]\n$/,
    );
    hub.all.set('u17', unitView({ client_id: 'u17', name: 'u17' }));
    hub.sent.length = 0;
    expect((await run('tag all site=x', { api: api.url })).exitCode).toBe(0);
    expect(hub.sent).toHaveLength(9);
  });

  test('a unit that nobody is called fails, and so does a fleet without units that is to be changed', async () => {
    await using api = await serve({ hub: unitsOf(1) });
    expect(await run('tag u01 a=b', { api: api.url })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('did you mean u00? [no-such-unit]'),
    });
    await using empty = await serve({ hub: new TagHub() });
    expect(await run('tag all a=b', { api: empty.url })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('There are no units yet'),
    });
    expect(await run('tag all', { api: empty.url })).toEqual({ exitCode: 0, stdout: 'UNIT  TAGS\n', stderr: '' });
  });

  test('a server that knows no tags of its units refuses to set some', async () => {
    const { tags: _tags, ...former } = bench;
    await using other = await stranger((response, count) => {
      response.statusCode = count === 1 ? 200 : 404;
      response.end(count === 1 ? JSON.stringify([former]) : '');
    });
    const { exitCode, stderr } = await run('tag bench-03 a=b', { api: other.url });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[api-not-telemetry]')]);
    expect(other.requests).toEqual(['GET /api/v1/units', `PUT /api/v1/units/${bench.client_id}/tags`]);
  });
});
