import { connect } from 'node:net';
import { once } from 'node:events';

import { describe, expect, test } from 'vitest';

import { startV1Client, startV1Server } from './v1-peers.ts';

const variants = [
  { name: 'the published variant', args: [] },
  { name: 'the oldest variant', args: ['--older'] },
];

describe.each(variants)('of $name', ({ args }) => {
  test('the v1 doubles talk to each other from registration to the confirmation of leaving', async () => {
    await using server = await startV1Server(args);
    await using client = startV1Client(['--server', `127.0.0.1:${server.port}`, ...args]);
    await client.event({ event: 'registered', client_id: '1000', port: server.port, interval: 1 });
    await client.event({ event: 'answered', command: '!INFO' });
    server.write('interval 3');
    await client.event({ event: 'interval', seconds: 3, header: '6               ' });
    client.write('leave');
    await client.event({ event: 'disconnected' });
    expect((await client.ended).code).toBe(0);
    await server.event({ event: 'disconnected' });
    server.write('stop');
    expect((await server.ended).code).toBe(0);
  });
});

describe('the v1 server double notices', () => {
  const cases = [
    { what: 'messages joined in one piece', pieces: [framed('!INFOa') + framed('!INFOb')] },
    { what: 'a message before the last one was answered', pieces: [framed('!INFOa'), framed('!INFOb')] },
    { what: 'a message in more than one piece', pieces: [framed('!INFOabc').slice(0, -1)] },
    { what: 'a message without a header of 16 bytes', pieces: ['!DISC: RECEIVED'] },
    { what: 'something within a second after !UDPT: RECEIVED', pieces: [framed('!UDPT: RECEIVED'), framed('!DISC')] },
    { what: 'a message that v1 does not know', pieces: [framed('!AUTH')] },
  ];

  test.each(cases)('$what', async ({ what, pieces }) => {
    await using server = await startV1Server(['--answer-delay', '10', '--quiet', '10']);
    const socket = connect({ host: '127.0.0.1', port: server.port, noDelay: true });
    try {
      await once(socket, 'connect');
      for (const [index, piece] of pieces.entries()) {
        // The server has read the first piece when it says so; the second must not be joined to it by the kernel.
        if (index > 0) await server.event((event) => event['event'] === 'info' || event['event'] === 'confirmed');
        socket.write(piece);
      }
      await server.event({ event: 'problem', what });
    } finally {
      socket.destroy();
    }
    server.write('stop');
    expect((await server.ended).code).toBe(1);
  });
});

function framed(body: string): string {
  return `${body.length}`.padEnd(16) + body;
}
