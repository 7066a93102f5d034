import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { Link } from '../../src/transport/link.ts';
import { listenTcp } from '../../src/transport/tcp.ts';

test('what a peer sent before it ended the connection is handed on before that is said', async () => {
  const seen: string[][] = [];
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  const accept = (link: Link): void => {
    const ofLink: string[] = [];
    seen.push(ofLink);
    link.listen({
      data: (bytes) => void ofLink.push(new TextDecoder().decode(bytes)),
      drained: () => undefined,
      ended: () => {
        ofLink.push('ended');
        link.end();
      },
      closed: () => {
        ofLink.push('closed');
        if (seen.length === 20 && seen.every((one) => one.includes('closed'))) resolve(undefined);
      },
    });
  };
  const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, accept);
  for (let connection = 0; connection < 20; connection += 1) {
    const socket = connect(listener.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.end('last words');
    socket.resume();
  }
  await over;
  await listener.close();
  expect(seen).toEqual(Array.from({ length: 20 }, () => ['last words', 'ended', 'closed']));
});
