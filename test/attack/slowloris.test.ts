import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { call } from '../http/call.ts';
import { settleVictim, startAttackedServer, type AttackedServer, type Victim } from './attacked-server.ts';
import { answerOf, HttpAttacker } from './http-attacker.ts';
import { KeyedMachine } from './keyed-machine.ts';

// The server as it is, but for its patience, which would be 10 s for headers and 15 s for a request.
vi.mock(import('../../src/http/http-limits.ts'), async (original) => {
  const { httpLimits } = await original();
  return { httpLimits: { ...httpLimits, headersMsMax: 2_000, requestMsMax: 3_000, checkMs: 50 } };
});

let server: AttackedServer;
let victim: Victim;
beforeAll(async () => {
  server = await startAttackedServer();
  victim = await settleVictim(server, new KeyedMachine('web-01'));
});
afterAll(async () => {
  victim.leave();
  await server.stop();
});

const headers = 'GET /api/v1/units HTTP/1.1\r\nHost: localhost\r\nX-Slow: ';
const body =
  'POST /api/v1/join-tokens HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 64\r\n\r\n';

test.for([
  ['headers', headers, '127.0.5.1'],
  ['a body', body, '127.0.5.2'],
] as const)(
  'slowloris: a hundred requests whose %s come a byte at a time are ended, and others are served meanwhile',
  async ([, beginning, from]) => {
    const attacker = new HttpAttacker(server.api, from);
    const slow = Array.from({ length: 100 }, () => attacker.send(beginning));
    const drip = setInterval(() => {
      for (const { socket } of slow) if (socket.writable) socket.write('x');
    }, 100);
    expect((await call(`${server.api}/units`)).status).toBe(200);
    await victim.expectUnharmed();
    const answers = await Promise.all(slow.map(async ({ ended }) => answerOf(await ended)));
    clearInterval(drip);
    for (const answer of answers) expect(answer).toMatchObject({ status: 408, problem: 'request-timeout' });
    const line = await server.log.waitFor('request-refused', ({ peer }) => String(peer).startsWith(`${from}:`));
    expect(line).toMatchObject({ level: 'warn', problem: 'request-timeout' });
    // Neither does the log fill up with it.
    const lines = server.log.lines.filter(
      ({ event, peer }) => event === 'request-refused' && String(peer).startsWith(`${from}:`),
    );
    expect(lines.length).toBeLessThanOrEqual(11);
    await victim.expectUnharmed();
  },
);
