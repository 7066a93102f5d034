import { describe, expect, test } from 'vitest';

import { startServer } from './running-server.ts';
import { startV1Client } from './v1-peers.ts';

const variants = [
  { variant: 'a published v1 client', args: [] },
  { variant: 'the oldest v1 client', args: ['--older'] },
];

describe.each(variants)('$variant', ({ args }) => {
  test('is served from registration to the confirmation of leaving', async () => {
    await using server = await startServer();
    await using client = startV1Client(['--server', `127.0.0.1:${server.port}`, '--name', 'bench-v1', ...args]);
    const { client_id, port, udp_port } = await client.event({ event: 'registered', interval: 1 });
    expect(port).toBe(server.port);
    const unit = { unit: 'bench-v1', client_id };
    await server.event({ event: 'registered', ...unit, v: 1, ip: '127.0.0.1', port: udp_port, interval: 1 });

    await server.event({ event: 'reading', ...unit, sensor: 'cpu_temp', celsius: 54.5 });
    await server.event({ event: 'reading', ...unit, sensor: 'disk', id: '/', used_ratio: 0.24 });
    const ram = await server.event({ event: 'reading', ...unit, sensor: 'ram', used_ratio: 0.018 });
    expect(ram).not.toHaveProperty('seq');
    expect(ram).not.toHaveProperty('epoch');
    expect(ram['taken']).toSatisfy(Number.isInteger);

    expect(await server.putInterval(String(client_id), 2)).toBe(202);
    await server.event({ event: 'interval-wanted', ...unit, interval: 2 });
    await client.event({ event: 'interval', seconds: 2, header: '6'.padEnd(16), sender: '127.0.0.1' });
    const told = await server.unit(String(client_id));
    expect(told).toMatchObject({ state: 'online', v: 1, port: udp_port });
    expect(told['interval']).toMatchObject({ confirmed: 1, wanted: 2, state: 'sending' });

    client.write('leave');
    await client.event({ event: 'disconnected' });
    expect(await client.ended).toEqual({ code: 0, signal: null });
    await server.event({ event: 'disconnected', ...unit });
    expect(await server.unit(String(client_id))).toMatchObject({ state: 'disconnected' });
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  });
});

test('the other words of v1 become readings as well', async () => {
  await using server = await startServer();
  const name = 'attic';
  await using client = startV1Client(['--server', `127.0.0.1:${server.port}`, '--name', name, '--style', 'named']);
  await client.event({ event: 'answered', command: '!INFO' });
  await server.event({ event: 'reading', unit: name, sensor: 'temp', id: name, celsius: 54.5 });
  await server.event({ event: 'reading', unit: name, sensor: 'cpu', utilisation: 0.125 });
  await server.event({ event: 'reading', unit: name, sensor: 'disk', used_ratio: 0.24 });
  await server.event({ event: 'reading', unit: name, sensor: 'ram', used_ratio: 0.018 });
});

test('an interval that is not whole is refused for a v1 unit, and nothing is sent to it', async () => {
  await using server = await startServer();
  await using client = startV1Client(['--server', `127.0.0.1:${server.port}`]);
  const { client_id } = await client.event({ event: 'registered' });
  expect(await server.putInterval(String(client_id), 0.5)).toBe(422);
  expect((await server.unit(String(client_id)))['interval']).toMatchObject({ wanted: 1 });
  // The first datagram that comes is that of the second wish.
  expect(await server.putInterval(String(client_id), 3)).toBe(202);
  expect(await client.event((event) => event['event'] === 'interval' || event['event'] === 'problem')).toMatchObject({
    seconds: 3,
  });
});

test('a server that is stopped closes the connections of v1 clients without a word that they do not know', async () => {
  await using server = await startServer({ intervalSeconds: 60 });
  await using client = startV1Client(['--server', `127.0.0.1:${server.port}`]);
  await client.event({ event: 'answered', command: '!INFO' });
  expect(await server.stop()).toEqual({ code: 0, signal: null });
  client.write('leave');
  // It takes the end of the connection for the answer, which deployed clients do not survive either.
  await client.event({ event: 'problem', what: 'not the bare acknowledgement of !DISC', data: '' });
});
