import { describe, expect, test } from 'vitest';
import { FrameDecoder } from '../../src/framing/decoder.ts';
import { encodeFrames } from '../../src/framing/encoder.ts';
import type { Frame } from '../../src/framing/frame.ts';
import type { ClientAction } from '../../src/session/client-contract.ts';
import { ClientSession } from '../../src/session/client-session.ts';
import type { ServerAction, ServerInput } from '../../src/session/server-contract.ts';
import { ServerSession } from '../../src/session/server-session.ts';
import { tag, token } from './tag.ts';

/** Protocol 9: what goes over the wire, in its order, each with the side that says it. */
const session = [
  [
    'C',
    '113             !RGTR{"name":"bench-03","ip":"192.0.2.7","UDP_port":45678,"time":"2026-11-21T10:00:00Z","v":2,"epoch":"5f2c91e0"}',
  ],
  [
    'S',
    '129             !SUCC{"client_id":"Yw1l0Ck3aT8mQ2vN5xR7sA","tcp_port":34567,"interval":10,"v":2,"seq":0,"rev":1,"token":"AAECAwQFBgcICQoLDA0ODw"}',
  ],
  [
    'C',
    '99              !INFO{"seq":1,"time":1795255200000,"sensor":"cpu_temp","id":"coretemp/Package id 0","celsius":54.5}',
  ],
  ['S', '15              !INFO: RECEIVED'],
  ['S (UDP)', '58              !UPDT{"interval":5,"rev":2,"tag":"u9KVvH1z-diOsYbNvLskig"}'],
  ['C', '17              !UPDT: RECEIVED 2'],
  ['C', '5               !DISC'],
  ['S', '15              !DISC: RECEIVED'],
] as const;

describe('the session of protocol 9', () => {
  test('has the token and the tag that it says', () => {
    expect(token).toBe('AAECAwQFBgcICQoLDA0ODw');
    expect(tag(token, 'Yw1l0Ck3aT8mQ2vN5xR7sA\n2\n5')).toBe('u9KVvH1z-diOsYbNvLskig');
  });

  test.each(session)('decodes and encodes to itself: %s %s', (_, text) => {
    const bytes = new TextEncoder().encode(text);
    const decoder = new FrameDecoder();
    const frames = decoder.push(bytes);
    expect(decoder.failure).toBeUndefined();
    expect(frames).toHaveLength(1);
    expect(encodeFrames(frames)).toEqual(bytes);
  });

  test('is what our two sides say to each other, byte for byte', () => {
    const spoken = speak();
    expect(spoken.wire).toEqual(session.map(([side, text]) => [side, text]));
    expect(spoken.did).toEqual([
      'connect',
      'register',
      'state',
      'registered',
      'confirmed',
      'store',
      'released',
      'interval',
      'confirmed',
      'state',
      'end',
      'close',
      'stopped',
    ]);
  });
});

/** Runs a client and a server against each other, through encoder and decoder, with a store that stores at once. */
function speak(): { readonly wire: readonly (readonly [string, string])[]; readonly did: readonly string[] } {
  const wire: (readonly [string, string])[] = [];
  const did: string[] = [];
  /** What is under way to a side; each is done with one input before the next comes. */
  const underWay: (() => void)[] = [];
  const server = new ServerSession({ tcpPort: 34567, tag, nowMs: 0 });
  const client = new ClientSession({ name: 'bench-03', id: undefined, udpPort: 45678, random: () => 0, tag });
  const toServer = new FrameDecoder();
  const toClient = new FrameDecoder();

  const say = (side: string, frame: Frame): Uint8Array => {
    const bytes = encodeFrames([frame]);
    wire.push([side, new TextDecoder().decode(bytes)]);
    return bytes;
  };
  const askServer = (input: ServerInput): void => {
    for (const action of server.handle(input, 0)) performServer(action);
  };
  const performServer = (action: ServerAction): void => {
    if (action.type === 'send') {
      for (const frame of toClient.push(say('S', action.frame)))
        underWay.push(() => askClient({ type: 'frame', frame }));
      return;
    }
    if (action.type === 'datagram') {
      for (const frame of new FrameDecoder().push(say('S (UDP)', action.frame))) {
        underWay.push(() => askClient({ type: 'datagram', frame, from: '192.0.2.1' }));
      }
      return;
    }
    did.push(action.type);
    if (action.type === 'store') underWay.push(() => askServer({ type: 'stored' }));
    if (action.type !== 'register') return;
    const clientId = 'Yw1l0Ck3aT8mQ2vN5xR7sA';
    const granted = { rev: 1, seconds: 10 };
    const registered = { clientId, granted, seq: 0, token, hearsUdp: true, tcpOnly: false };
    underWay.push(() => askServer({ type: 'registered', registered }));
  };
  const askClient = (input: Parameters<ClientSession['handle']>[0]): void => {
    for (const action of client.handle(input, 0)) performClient(action);
  };
  const performClient = (action: ClientAction): void => {
    if (action.type !== 'send') {
      did.push(action.type);
      return;
    }
    for (const frame of toServer.push(say('C', action.frame))) underWay.push(() => askServer({ type: 'frame', frame }));
  };

  const settle = (): void => {
    for (let next = underWay.shift(); next !== undefined; next = underWay.shift()) next();
  };

  askClient({ type: 'start' });
  askClient({
    type: 'connected',
    connected: {
      localAddress: '192.0.2.7',
      peerAddress: '192.0.2.1',
      binding: '-',
      epoch: '5f2c91e0',
      timeText: '2026-11-21T10:00:00Z',
    },
  });
  settle();
  const label = { epoch: '5f2c91e0', seq: 1, time: 1_795_255_200_000 };
  const values = { celsius: 54.5 };
  askClient({ type: 'offer', readings: [{ ...label, sensor: 'cpu_temp', id: 'coretemp/Package id 0', values }] });
  settle();
  askServer({ type: 'interval', revision: { rev: 2, seconds: 5 } });
  settle();
  askClient({ type: 'stop' });
  settle();
  return { wire, did };
}
