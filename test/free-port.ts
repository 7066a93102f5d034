import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** Where nobody listens: no system hands out this port, and it is none of those that `fetch` refuses to call, as 1 is. */
export const nobodyPort = 2;

/**
 * A port that nobody listens at, below those that the system hands out. One of those may be given to somebody else while a server is down, and a client that dials it meanwhile
 * may even be given it as its own, and is then connected to itself.
 */
export async function freePort(): Promise<number> {
  const [lowest = 32_768] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/).map(Number);
  for (let attempt = 1; ; attempt += 1) {
    const port = randomInt(10_000, lowest);
    const server = createServer();
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      server.close();
      await once(server, 'close');
      return port;
    } catch (error) {
      if (attempt === 20) throw error;
    }
  }
}
