import { describe, expect, test } from 'vitest';
import { framed } from '../../src/framing/frame.ts';
import { grant, hello, info, live, ServerBench } from './server-bench.ts';
import { token } from './tag.ts';

function rgtr(members: unknown): ReturnType<typeof framed> {
  return framed('!RGTR', typeof members === 'string' ? members : JSON.stringify(members));
}

describe('a v2 registration', () => {
  test('is handed to the server with all of its members', () => {
    const bench = new ServerBench();
    bench.frames(rgtr({ ...hello[2], id: 'earlier' }));
    expect(bench.actions).toEqual([
      {
        type: 'register',
        data: JSON.stringify({ ...hello[2], id: 'earlier' }),
        registration: {
          name: 'bench-03',
          ip: '192.0.2.7',
          udpPort: 45678,
          time: '2026-11-21T10:00:00Z',
          v: 2,
          epoch: '5f2c91e0',
          id: 'earlier',
        },
      },
    ]);
  });

  test('is answered when the server has stored the unit, and not before', () => {
    const bench = new ServerBench();
    bench.frames(rgtr(hello[2]));
    expect(bench.pass(9_999)).toEqual([]);
    expect(
      bench.input({
        type: 'registered',
        registered: { ...grant, granted: { rev: 7, seconds: 0.5 }, seq: 41, clientId: 'c' },
      }),
    ).toEqual([
      'online',
      `send !SUCC{"client_id":"c","tcp_port":34567,"interval":0.5,"v":2,"seq":41,"rev":7,"token":"${token}"}`,
    ]);
  });

  test('of a version above 2 is answered with 2', () => {
    const bench = new ServerBench();
    bench.frames(rgtr({ ...hello[2], v: 9 }));
    const [, success] = bench.input({ type: 'registered', registered: grant });
    expect(success).toContain('"v":2');
  });

  test('ignores members that it does not know', () => {
    expect(new ServerBench().frames(rgtr({ ...hello[2], colour: 'red', __proto__: null, more: [{}] }))).toHaveLength(1);
  });
});

describe('a v1 registration', () => {
  test.each([hello[1], { ...hello[1], v: 1 }, { ...hello[1], v: 1, epoch: 5, id: {} }])(
    'is answered in words that v1 knows: %j',
    (members) => {
      const bench = new ServerBench();
      const [registered] = bench.frames(rgtr(members));
      expect(registered).toContain('"v":1');
      expect(bench.input({ type: 'registered', registered: grant })).toEqual([
        'online',
        `send !SUCC{"client_id":"${grant.clientId}","tcp_port":34567,"port":34567,"interval":10}`,
      ]);
    },
  );
});

describe('a registration that cannot be', () => {
  test.each([
    ['no JSON', '{', 'the data is not a JSON object'],
    ['no data', '', 'the data is not a JSON object'],
    ['an array', [], 'the data is not a JSON object'],
    ['null', null, 'the data is not a JSON object'],
    ['a string', '"x"', 'the data is not a JSON object'],
    ['no name', { ...hello[2], name: undefined }, 'name is not'],
    ['an empty name', { ...hello[2], name: '' }, 'name is not'],
    ['a number for a name', { ...hello[2], name: 5 }, 'name is not'],
    ['a name of 49 bytes', { ...hello[2], name: 'x'.repeat(49) }, 'name is not'],
    ['a name of 49 bytes of UTF-8', { ...hello[2], name: `x${'é'.repeat(24)}` }, 'name is not'],
    ['a name of 49 bytes of JSON', { ...hello[2], name: `x${'"'.repeat(24)}` }, 'name is not'],
    ['a line feed in the name', { ...hello[2], name: 'a\nb' }, 'name is not'],
    ['an escape in the name', { ...hello[1], name: '\u001b[2J' }, 'name is not'],
    ['a C1 control character in the name', { ...hello[2], name: 'a\u0085b' }, 'name is not'],
    ['a delete in the name', { ...hello[2], name: 'a\u007f' }, 'name is not'],
    ['no ip', { ...hello[2], ip: undefined }, 'ip is not'],
    ['a number for an ip', { ...hello[2], ip: 3221225991 }, 'ip is not'],
    ['a host name for an ip', { ...hello[1], ip: 'example.org' }, 'ip is not'],
    ['an ip with a zone', { ...hello[2], ip: 'fe80::1%eth0' }, 'ip is not'],
    ['no UDP_port', { ...hello[2], UDP_port: undefined }, 'UDP_port is not'],
    ['a string for a UDP_port', { ...hello[1], UDP_port: '45678' }, 'UDP_port is not'],
    ['a UDP_port below 0', { ...hello[2], UDP_port: -1 }, 'UDP_port is not'],
    ['a UDP_port above 65535', { ...hello[2], UDP_port: 65_536 }, 'UDP_port is not'],
    ['half a UDP_port', { ...hello[2], UDP_port: 1.5 }, 'UDP_port is not'],
    ['no time', { ...hello[2], time: undefined }, 'time is not'],
    ['a number for a time', { ...hello[1], time: 10 }, 'time is not'],
    ['v of 0', { ...hello[2], v: 0 }, 'v is not'],
    ['half a v', { ...hello[2], v: 1.5 }, 'v is not'],
    ['a string for v', { ...hello[2], v: '2' }, 'v is not'],
    ['null for v', { ...hello[2], v: null }, 'v is not'],
    ['no epoch', { ...hello[2], epoch: undefined }, 'epoch is not'],
    ['an epoch of 7 digits', { ...hello[2], epoch: '5f2c91e' }, 'epoch is not'],
    ['an epoch of 9 digits', { ...hello[2], epoch: '5f2c91e00' }, 'epoch is not'],
    ['an epoch that is not hex', { ...hello[2], epoch: '5f2c91eg' }, 'epoch is not'],
    ['a number for an epoch', { ...hello[2], epoch: 12_345_678 }, 'epoch is not'],
    ['a number for an id', { ...hello[2], id: 5 }, 'id is not'],
    ['null for an id', { ...hello[2], id: null }, 'id is not'],
  ])('with %s is answered with bad-registration, and the next one is taken', (_, members, words) => {
    const bench = new ServerBench();
    const lines = bench.frames(rgtr(members));
    expect(lines).toEqual(['refusal bad-registration', expect.stringContaining(`send !FAILbad-registration ${words}`)]);
    expect(bench.frames(rgtr(hello[2]))).toEqual([expect.stringMatching(/^register/)]);
  });

  test.each([
    ['a name of 48 bytes', { ...hello[2], name: 'é'.repeat(24) }],
    ['an IPv6 address', { ...hello[2], ip: '2001:db8::7' }],
    ['UDP_port 0', { ...hello[2], UDP_port: 0 }],
    ['UDP_port 65535', { ...hello[2], UDP_port: 65_535 }],
    ['an epoch in capitals', { ...hello[2], epoch: '5F2C91E0' }],
    ['an empty time', { ...hello[1], time: '' }],
  ])('is not one with %s', (_, members) => {
    expect(new ServerBench().frames(rgtr(members))).toEqual([expect.stringMatching(/^register/)]);
  });

  test('closes the connection when it is the third', () => {
    const bench = new ServerBench();
    expect(bench.frames(rgtr('1'), rgtr('2')).filter((line) => !line.startsWith('refusal'))).toEqual([
      'send !FAILbad-registration the data is not a JSON object',
      'send !FAILbad-registration the data is not a JSON object',
    ]);
    expect(bench.frames(rgtr('3'))).toEqual([
      'refusal bad-registration',
      'send !FAILbad-registration the data is not a JSON object',
      'end',
    ]);
    expect(bench.frames(rgtr(hello[2]))).toEqual([]);
  });

  test('is a second one on a connection, which changes nothing; the third such closes', () => {
    const bench = live();
    const refused = 'send !FAILbad-registration this connection has registered already';
    expect(bench.frames(rgtr(hello[2]))).toEqual(['confirmed 1: 10 s', 'refusal bad-registration', refused]);
    expect(bench.frames(info(1))).toEqual(['store 5f2c91e0 1']);
    expect(bench.frames(rgtr(hello[2]))).toEqual(['refusal bad-registration']);
    expect(bench.stored()).toEqual(['send !INFO: RECEIVED', refused]);
    expect(bench.frames(rgtr(hello[2]))).toEqual(['refusal bad-registration', 'lost', refused, 'end']);
  });

  test('is one while the first is with the server, and is answered after that', () => {
    const bench = new ServerBench();
    expect(bench.frames(rgtr(hello[2]), rgtr(hello[2])).slice(1)).toEqual(['refusal bad-registration']);
    expect(bench.input({ type: 'registered', registered: grant })).toEqual([
      'online',
      expect.stringMatching(/^send !SUCC/),
      'send !FAILbad-registration this connection has registered already',
    ]);
  });
});

describe('before !SUCC', () => {
  test.each(['!INFO', '!UPDT', '!UDPT', '!SUCC', '!FAIL', '!WHAT'])('%s gets not-registered', (command) => {
    const bench = new ServerBench();
    expect(bench.frames(framed(command, '{}'))).toEqual([
      'refusal not-registered',
      `send !FAILnot-registered ${command} before !SUCC; send !RGTR first`,
    ]);
  });

  test('!AUTH is not asked for', () => {
    expect(new ServerBench().frames(framed('!AUTH', 'x'))[1]).toMatch(/^send !FAILunknown-command /);
  });

  test('an !INFO gets not-registered behind the !SUCC that is not out yet', () => {
    const bench = new ServerBench();
    expect(bench.frames(rgtr(hello[2]), info(1)).slice(1)).toEqual(['refusal not-registered']);
    const [, success, refused] = bench.input({ type: 'registered', registered: grant });
    expect(success).toMatch(/^send !SUCC/);
    expect(refused).toMatch(/^send !FAILnot-registered/);
  });

  test('!DISC is acknowledged without header to one that has not registered', () => {
    expect(new ServerBench().frames(framed('!DISC'))).toEqual(['send bare !DISC: RECEIVED', 'end']);
  });

  test.each([
    [1, 'bare '],
    [2, ''],
  ] as const)('!DISC waits for the answer to !RGTR, of v%i with %jheader', (v, bare) => {
    const bench = new ServerBench();
    bench.frames(rgtr(hello[v]));
    expect(bench.frames(framed('!DISC'))).toEqual([]);
    expect(bench.frames(framed('!DISC'), info(1))).toEqual([]);
    expect(bench.input({ type: 'registered', registered: grant })).toEqual([
      'online',
      'disconnected',
      expect.stringMatching(/^send !SUCC/),
      `send ${bare}!DISC: RECEIVED`,
      'end',
    ]);
  });
});

describe('time without registration', () => {
  test('ends the connection after 10 s, bad registrations or not', () => {
    const bench = new ServerBench();
    expect(bench.pass(9_000)).toEqual([]);
    bench.frames(rgtr('1'));
    expect(bench.pass(60_000)).toEqual(['1000 close: no registration in time']);
  });

  test('does not count while the store has the registration, which gets 30 s', () => {
    const bench = new ServerBench();
    bench.pass(9_000);
    bench.frames(rgtr(hello[2]));
    expect(bench.pass(60_000)).toEqual(['30000 close: the store did not take the registration within 30 s']);
    expect(bench.input({ type: 'registered', registered: grant })).toEqual([]);
  });
});

describe('a registration that the server refuses', () => {
  test.each(['store-unavailable', 'not-allowed', 'pending', 'too-many'] as const)(
    'is answered with %s in its place, and ends the connection',
    (code) => {
      const bench = new ServerBench();
      bench.frames(rgtr(hello[2]), info(1));
      expect(bench.input({ type: 'refused', code, words: 'because' })).toEqual([
        `refusal ${code}`,
        `send !FAIL${code} because`,
        'end',
      ]);
      expect(bench.frames(rgtr(hello[2]))).toEqual([]);
    },
  );

  test('after !DISC is told, and !DISC is not confirmed', () => {
    const bench = new ServerBench();
    bench.frames(rgtr(hello[2]), framed('!DISC'));
    expect(bench.input({ type: 'refused', code: 'store-unavailable', words: 'full' })).toEqual([
      'refusal store-unavailable',
      'send !FAILstore-unavailable full',
      'end',
    ]);
  });

  test('is none where nobody registers', () => {
    const bench = live();
    expect(bench.input({ type: 'refused', code: 'not-allowed', words: '' })).toEqual([]);
    expect(bench.input({ type: 'registered', registered: { ...grant, clientId: 'other' } })).toEqual([]);
  });
});
