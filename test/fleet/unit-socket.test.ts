import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { frameText } from '../../src/fleet/simulated-reading.ts';
import { SimulatedUnit } from '../../src/fleet/simulated-unit.ts';
import { Tally } from '../../src/fleet/tally.ts';
import { dialUnit } from '../../src/fleet/unit-socket.ts';
import { acknowledgement, framed } from '../../src/framing/frame.ts';

const token = 'AAECAwQFBgcICQoLDA0ODw';
const grant = { client_id: 'x', tcp_port: 1, interval: 10, v: 2, seq: 0, rev: 1, token };
const answer = frameText(acknowledgement('!INFO', false));

/** A unit with 256 readings on their way to a server that sends just these pieces, each when the one before has been read; then what the unit counted. */
async function answered(pieces: readonly string[]): Promise<Tally> {
  const tally = new Tally();
  const accepted = Promise.withResolvers<Socket>();
  const ended = Promise.withResolvers<void>();
  const server = createServer({ noDelay: true }, accepted.resolve).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const options = { unit: 0, name: 'fleet-1', epoch: '5f2c91e0', tally, registered: () => undefined };
  const unit = new SimulatedUnit({
    ...options,
    dueMs: () => 0,
    cuts: { next: () => undefined },
    away: () => ended.resolve(),
  });
  unit.begin(0);
  unit.due(256, 0);
  dialUnit(unit, { host: '127.0.0.1', port: (server.address() as AddressInfo).port, nowMs: () => 1 });
  const socket = await accepted.promise;
  socket.on('error', () => undefined).resume();
  for (const piece of [frameText(framed('!SUCC', JSON.stringify(grant))), ...pieces]) {
    socket.write(piece, 'latin1');
    // Both ends are in this process: what was written lies in the unit's socket, and is read in the turns that follow.
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  }
  socket.end();
  await ended.promise;
  return tally;
}

test('acknowledgements are counted however they are cut', async () => {
  const bytes = answer.repeat(40);
  const pieces = [1, 30, 31, 32, 61, 62, 200, 500, 323].reduce<{ at: number; cut: string[] }>(
    ({ at, cut }, length) => ({ at: at + length, cut: [...cut, bytes.slice(at, at + length)] }),
    { at: 0, cut: [] },
  );
  expect(pieces.at).toBe(bytes.length);
  const counts = (await answered(pieces.cut)).counts({ unanswered: 0, busy: 0 });
  expect(counts).toMatchObject({ acknowledged: 40, broken: 1, faults: [] });
});

test('what looks like an acknowledgement within another frame is none', async () => {
  const failure = frameText(framed('!FAIL', `store-unavailable ${answer}`));
  const at = failure.length - answer.length;
  const counts = (await answered([answer, failure.slice(0, at), failure.slice(at)])).counts({ unanswered: 0, busy: 0 });
  expect(counts).toMatchObject({ acknowledged: 1, failures: { 'store-unavailable': 1 }, faults: [] });
});

test('bytes that are no frame are told, and end the connection', async () => {
  const { faults } = (await answered([answer, 'HTTP/1.1 400\r\n'])).counts({ unanswered: 0, busy: 0 });
  expect(faults).toEqual([expect.stringContaining('fleet-1: bytes that are no frame')]);
});
