import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';

export interface Stranger extends AsyncDisposable {
  readonly url: string;
  readonly requests: string[];
}

/** Something else that answers HTTP. */
export async function stranger(answer: (response: ServerResponse, count: number) => void): Promise<Stranger> {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    answer(response, requests.length);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
