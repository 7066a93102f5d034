import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Random } from '../sim/random.ts';

/**
 * A port that nobody listens at, below those that the system gives to outgoing connections. While a server is down, a client that dials a port of
 * those may be given just that one as its own, and is then connected to itself, and the server cannot have it back.
 */
export async function freePort(random: Random): Promise<number> {
  const [lowest = 32_768] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/).map(Number);
  for (let attempt = 1; ; attempt += 1) {
    const port = random.integer(10_000, lowest - 1);
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
