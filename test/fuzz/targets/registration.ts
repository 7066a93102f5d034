import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import fc from 'fast-check';
import { parseConfirmation, parseUpdate, parseV1Update } from '../../../src/session/interval-update.ts';
import {
  grantData,
  parseGrant,
  parseRegistration,
  registrationData,
  type Grant,
  type Registration,
} from '../../../src/session/registration.ts';
import { hostileText } from '../../session/hostile-text.ts';
import { frameData, kindOf, must, textOf, type Target } from '../target.ts';

const members = [
  'name',
  'ip',
  'UDP_port',
  'time',
  'v',
  'epoch',
  'id',
  'key',
  'client_id',
  'tcp_port',
  'port',
  'interval',
  'seq',
  'rev',
  'token',
  'tag',
];
const addresses = [
  '192.0.2.7',
  '::1',
  '2001:db8::7',
  '::ffff:192.0.2.7',
  '1:2:3:4:5:6:7:8',
  'fe80::1%eth0',
  '1.2.3.4.5',
];

/** What a peer says of itself is taken as the protocol has it, and comes back as it was; all else is a sentence. */
export const registration: Target = {
  seeds: [
    '{"name":"bench-03","ip":"192.0.2.7","UDP_port":45678,"time":"2026-11-21T10:00:00Z","v":2,"epoch":"5f2c91e0","id":"Yw1l0Ck3aT8mQ2vN5xR7sA","key":true}',
    '{"name":"b","ip":"::1","UDP_port":0,"time":"10:00:00"}',
    '{"client_id":"Yw1l0Ck3aT8mQ2vN5xR7sA","tcp_port":34567,"interval":10,"v":2,"seq":0,"rev":1,"token":"AAECAwQFBgcICQoLDA0ODw"}',
    '{"client_id":1001,"tcp_port":34567,"port":34567,"interval":10}',
    '{"interval":5,"rev":2,"tag":"u9KVvH1z-diOsYbNvLskig"}',
    ': RECEIVED 8',
    '5',
  ],
  words: [
    ...members.map((name) => `"${name}":`),
    ...addresses.map((ip) => `"${ip}"`),
    '"v":2,',
    '"__proto__":',
    'null',
    'true',
    '[',
    '{',
    '}',
    ',',
    '\\u0000',
    '\\ud800',
    '1e2',
    '5.0',
  ],
  generated: fc.oneof(
    hostileText.map((text) => text.slice(0, 4_000)),
    fc
      .record({
        name: fc.string({ unit: 'binary', maxLength: 50 }),
        ip: fc.oneof(fc.ipV4(), fc.ipV6(), fc.ipV4Extended(), fc.constantFrom(...addresses), fc.string()),
        UDP_port: fc.oneof(fc.integer({ min: -1, max: 65_536 }), fc.double()),
        time: fc.string(),
        v: fc.constantFrom(undefined, 1, 2, 3, 0, 1.5, '2'),
        epoch: fc.stringMatching(/^[0-9a-f]{7,9}$/),
        id: fc.option(fc.string(), { nil: undefined }),
        key: fc.constantFrom(undefined, true, false, 1),
      })
      .map((one) => JSON.stringify(one)),
  ),
  run(input) {
    // The parsers get no more than a frame holds; the whole may be a bomb.
    const whole = textOf(input).toWellFormed();
    const outcomes = [frameData(whole), whole].map((text) =>
      [registrationIn(text), grantIn(text), updateIn(text)].join(' | '),
    );
    return outcomes[0] ?? '';
  },
};

function registrationIn(text: string): string {
  const found = parseRegistration(text);
  if (typeof found === 'string') return kindOf(found);
  seeRegistration(found);
  assert.deepEqual(parseRegistration(registrationData(found)), { ...found, udpPort: found.udpPort + 0 });
  return `v${found.v} ${isIP(found.ip)} ${found.id === undefined} ${found.hasKey}`;
}

function seeRegistration({ name, ip, udpPort, v, epoch, id, hasKey }: Registration): void {
  must(name !== '' && Buffer.byteLength(JSON.stringify(name)) - 2 <= 48, 'a name has 1 to 48 bytes');
  must(!/[\p{Cc}\u2028\u2029]/u.test(name), 'a name has no control characters');
  must(isIP(ip) !== 0 && !ip.includes('%'), `an address is one without zone, not ${ip}`);
  must(Number.isInteger(udpPort) && udpPort >= 0 && udpPort <= 65_535, 'a port is one');
  must((v === 2) === (epoch !== undefined), 'an epoch belongs to version 2');
  must(epoch === undefined || /^[0-9a-f]{8}$/i.test(epoch), 'an epoch has 8 hex digits');
  must(v === 2 || (id === undefined && hasKey === undefined), 'version 1 has neither id nor key');
}

function grantIn(text: string): string {
  const found = parseGrant(text);
  if (typeof found === 'string') return kindOf(found);
  seeGrant(found);
  const { tcpPort, seq, rev } = found;
  // Zero has no sign in what is written, and 1e400, which is no port and is not looked at, no number.
  assert.deepEqual(parseGrant(grantData(found)), {
    ...found,
    tcpPort: Number.isFinite(tcpPort) ? tcpPort + 0 : 0,
    seq: seq + 0,
    rev: rev + 0,
  });
  return `granted v${found.v}`;
}

function seeGrant({ clientId, seconds, v, seq, rev, token }: Grant): void {
  must(seconds >= 0.1 && seconds <= 86_400 && Number(seconds.toFixed(3)) === seconds, 'an interval is one');
  must(Number.isSafeInteger(seq) && seq >= 0 && Number.isSafeInteger(rev) && rev >= 0, 'numbers count from 0');
  if (v === 2) must(/^[A-Za-z0-9._~-]{1,24}$/.test(clientId) && token !== '', 'a v2 server gives an id and a token');
}

function updateIn(text: string): string {
  const update = parseUpdate(text, 'id');
  if (update !== undefined) {
    const { seconds, rev, signedText } = update;
    must(seconds >= 0.1 && seconds <= 86_400 && rev >= 1, 'an update is within its bounds');
    const [, revText, secondsText] = signedText.split('\n');
    must(Number(revText) === rev && Number(secondsText) === seconds, 'what is signed is what is obeyed');
    must(text.includes(`${secondsText}`) && text.includes(`${revText}`), 'what is signed stands in the datagram');
  }
  const v1 = parseV1Update(text);
  if (v1 !== undefined) must(Number.isInteger(v1) && v1 >= 1 && v1 <= 86_400, 'version 1 has whole seconds');
  const confirmed = parseConfirmation(text);
  must(confirmed === null || text.startsWith(': RECEIVED'), 'a confirmation says so');
  return `${update === undefined} ${v1 === undefined} ${confirmed === null ? 'none' : typeof confirmed}`;
}
