import type { ClientConfig } from '../config/contract.ts';
import { runClient } from './client.ts';
import { startServer, type ServerStart } from './server.ts';
import type { Surface } from './surface.ts';

/** A server and a client of this machine in one process, until it is told to leave: the client first, then the server. */
export async function runDemo(
  { server, client }: { readonly server: ServerStart; readonly client: ClientConfig },
  surface: Surface,
): Promise<void> {
  const { stop } = await startServer(server, surface);
  try {
    await runClient(client, [], surface);
  } finally {
    await stop();
  }
}
