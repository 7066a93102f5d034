import { once } from 'node:events';
import { createServer } from 'node:http';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import type { UnitReading } from '../../src/core/reading.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { FakeHub, serve, startMs, unitReading, unitView, until } from '../http/fake-hub.ts';
import { lazyOutput, run, start } from './run.ts';

const id = 'Yw1l0Ck3aT8mQ2vN5xR7sA';
const other = unitView({ client_id: 'x', name: 'alpha' });

/** A reading of bench-03, `seq` seconds after the start. */
function reading(seq: number, members: Partial<UnitReading> = {}): UnitReading {
  const taken = { sensor: 'ram', values: { used: seq }, time: startMs + seq * 1000, epoch: 'e', seq };
  return unitReading(seq, { reading: taken, ...members });
}

/** A hub of bench-03 and alpha that keeps these. */
async function hubWith(...readings: readonly UnitReading[]): Promise<FakeHub> {
  const hub = new FakeHub(unitView(), other);
  const kept = new MemoryStore();
  await kept.append({ units: [], readings });
  hub.kept = kept;
  return hub;
}

const ofOther = { clientId: 'x', unit: 'alpha' };
const seqsOf = (lines: string): unknown[] =>
  lines
    .split('\n')
    .slice(0, -1)
    .map((line): unknown => JSON.parse(line).seq);

test('export --json prints one reading a line, unit after unit by name, with the members of the wire, unit and client_id', async () => {
  await using api = await serve({ hub: await hubWith(reading(1), reading(2, ofOther), reading(3)) });
  const { exitCode, stdout, stderr } = await run('export --json', { api: api.url });
  expect([exitCode, stderr]).toEqual([0, '']);
  const line = { unit: 'bench-03', client_id: id, seq: 1, time: startMs + 1000, sensor: 'ram', epoch: 'e', used: 1 };
  const [first = '', second = '', third = '', ...rest] = stdout.split('\n');
  expect(JSON.parse(first)).toMatchObject({ unit: 'alpha', client_id: 'x', seq: 2 });
  expect(JSON.parse(second)).toEqual(line);
  expect(JSON.parse(third)).toMatchObject({ seq: 3 });
  expect(rest).toEqual(['']);
});

test.each(['--json', '--csv'])(
  'export %s of a server that left out readings prints the others and leaves with 1',
  async (form) => {
    const hub = await hubWith(reading(1), reading(2, ofOther));
    const { kept } = hub;
    hub.leftOut = 5;
    await using api = await serve({ hub });
    const before = await run(`export ${form}`, { api: api.url });
    expect([before.exitCode, before.stderr]).toEqual([0, '']);
    hub.kept = {
      async *query(query) {
        yield* kept.query(query);
        hub.leftOut += 1;
      },
    };
    const { exitCode, stdout, stderr } = await run(`export ${form}`, { api: api.url });
    expect([exitCode, stdout]).toEqual([1, before.stdout]);
    expect(stderr).toContain('What was printed is not all');
  },
);

test('export --csv has its titles once, however many units there are', async () => {
  const hub = await hubWith(reading(1), reading(2, ofOther), reading(3));
  await using api = await serve({ hub, limits: { queryChunkCharacters: 1 } });
  const { exitCode, stdout } = await run('export --csv', { api: api.url });
  expect(exitCode).toBe(0);
  expect(stdout.split('\r\n')).toEqual([
    'time,unit,client_id,sensor,id,epoch,seq,source,name,value',
    '2026-11-21T10:00:02.000Z,alpha,x,ram,,e,2,,used,2',
    `2026-11-21T10:00:01.000Z,bench-03,${id},ram,,e,1,,used,1`,
    `2026-11-21T10:00:03.000Z,bench-03,${id},ram,,e,3,,used,3`,
    '',
  ]);
});

test('export --unit is of that unit alone, by name or client_id', async () => {
  await using api = await serve({ hub: await hubWith(reading(1), reading(2, ofOther)) });
  for (const name of ['alpha', 'x']) {
    expect(seqsOf((await run(`export --json --unit ${name}`, { api: api.url })).stdout)).toEqual([2]);
  }
  const { exitCode, stdout, stderr } = await run('export --json --unit alpa', { api: api.url });
  expect([exitCode, stdout, stderr]).toEqual([1, '', expect.stringContaining('did you mean alpha?')]);
});

test('export --from and --to bound the time, their beginning included and their end not, and may be relative', async () => {
  const nowMs = Date.now();
  const ago = (seq: number, ms: number): UnitReading => {
    const { reading: taken } = reading(seq);
    return unitReading(seq, { reading: { ...taken, time: nowMs - ms } });
  };
  const day = 86_400_000;
  await using api = await serve({ hub: await hubWith(ago(1, 3 * day), ago(2, day), ago(3, 3_600_000), ago(4, 0)) });
  const found = async (line: string): Promise<unknown[]> =>
    seqsOf((await run(`export --json --unit bench-03 ${line}`, { api: api.url })).stdout);
  expect(await found('--from -2d')).toEqual([2, 3, 4]);
  expect(await found('--from -2d --to -2h')).toEqual([2]);
  expect(await found(`--to ${nowMs - day}`)).toEqual([1]);
  expect(await found(`--from ${new Date(nowMs - day).toISOString()}`)).toEqual([2, 3, 4]);
});

test('what a unit calls itself cannot steer the terminal', async () => {
  const hub = await hubWith(reading(1, { unit: 'a\u009B2J\u202Eb\u001B[2J' }));
  await using api = await serve({ hub });
  for (const form of ['--json', '--csv']) {
    const { stdout } = await run(`export ${form}`, { api: api.url });
    expect(stdout).toContain('\\u009b2J\\u202eb\\u001b[2J');
    for (const raw of ['\u009B', '\u202E', '\u001B']) expect(stdout).not.toContain(raw);
  }
});

test('an export without units says so, and one without readings prints nothing', async () => {
  await using none = await serve({ hub: new FakeHub() });
  expect(await run('export --json', { api: none.url })).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: expect.stringContaining('no unit has registered yet'),
  });
  await using api = await serve();
  expect(await run('export --json', { api: api.url })).toEqual({ exitCode: 0, stdout: '', stderr: '' });
});

test('an answer that ends early is a failure, and what was printed ends with a whole line', async () => {
  const hub = new FakeHub(unitView());
  hub.kept = {
    async *query() {
      for (let seq = 1; seq <= 999; seq += 1) yield reading(seq);
      throw new Error('the disk');
    },
  };
  await using api = await serve({ hub });
  const { exitCode, stdout, stderr } = await run('export --json', { api: api.url });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /The readings of bench-03 ended early \(.*\), so what was printed is not all;.*\[api-answer-broken\]\n$/,
  );
  const seqs = seqsOf(stdout);
  expect(seqs).toEqual(Array.from(seqs, (_, index) => index + 1));
});

test('half a line is not printed', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/api/v1/units') {
      response.end(JSON.stringify([unitView()]));
      return;
    }
    response.setHeader('content-type', 'application/x-ndjson');
    response.write('{"seq":1}\n{"se', () => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = Object(server.address());
  const { exitCode, stdout } = await run('export --json', { api: `http://127.0.0.1:${port}` });
  server.close();
  expect([exitCode, stdout]).toEqual([1, '{"seq":1}\n']);
});

test('an export that the user ends while its output is not taken has not done what it was told', async () => {
  await using api = await serve({ hub: await hubWith(reading(1)) });
  const stdout = new Writable({ write: () => {} });
  const waiting = start('export --json --unit bench-03', { api: api.url, stdout });
  await until(() => stdout.writableLength > 0, 'the first line');
  waiting.end();
  expect(await waiting.exitCode).toBe(1);
});

test('a store that cannot be read is a failure in the words of the server', async () => {
  const hub = new FakeHub(unitView());
  hub.kept = {
    async *query() {
      yield* await Promise.reject<UnitReading[]>(new Error('the disk'));
    },
  };
  await using api = await serve({ hub });
  const { exitCode, stderr } = await run('export --json', { api: api.url });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('The store cannot be read; see /readyz')]);
});

test('an export whose output is not read waits, and one whose reader left ends quietly', async () => {
  const asked = { readings: 0, ended: false };
  const hub = new FakeHub(unitView());
  hub.kept = { query: () => endless(asked) };
  await using api = await serve({ hub });
  const stdout = lazyOutput();
  const waiting = start('export --json', { api: api.url, stdout });
  await until(() => stdout.readableLength > 0, 'the first lines');
  waiting.end();
  expect([await waiting.exitCode, waiting.stderr()]).toEqual([
    1,
    'telemetryctl: ended before the end; what was printed is not all.\n',
  ]);
  await until(() => asked.ended, 'the end of the query');

  const left = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    },
  });
  asked.ended = false;
  const { exitCode, stderr } = await run('export --json', { api: api.url, stdout: left });
  expect([exitCode, stderr]).toEqual([0, '']);
  await until(() => asked.ended, 'the end of the query');
});

test('a server that says nothing in the midst of an answer is not waited for for ever', async () => {
  const hub = new FakeHub(unitView());
  hub.kept = {
    async *query() {
      for (let seq = 1; seq <= 500; seq += 1) yield reading(seq);
      await new Promise(() => {});
    },
  };
  await using api = await serve({ hub, limits: { closeMsMax: 1 } });
  const { exitCode, stderr } = await run('export --json', { api: api.url, patience: { silenceMsMax: 30 } });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('The server has said nothing for 0.03 s')]);
});

async function* endless(asked: { readings: number; ended: boolean }): AsyncGenerator<UnitReading> {
  try {
    for (;;) {
      asked.readings += 1;
      yield reading(asked.readings);
    }
  } finally {
    asked.ended = true;
  }
}
