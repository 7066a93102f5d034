import { problemOf } from './hub-problem.ts';

/** What to send a request with: `fetch` of a browser or of Node.js. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface HubClientOptions {
  /** Where the server's API is, `http://127.0.0.1:8080`; empty: where the page came from. */
  readonly url: string;
  /** An API token; without one a browser sends the cookie of its session. */
  readonly token?: string;
  readonly fetch?: Fetch;
}

export interface HubCall {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Members that are undefined are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/** Requests to the API. Each rejects with a `HubProblem` where the server refuses it. */
export class HubCalls {
  readonly #url: string;
  readonly #credentials: Readonly<Record<string, string>>;
  readonly #fetch: Fetch;

  constructor({ url, token, fetch: send = (address, init) => fetch(address, init) }: HubClientOptions) {
    this.#url = url.replace(/\/+$/, '');
    this.#credentials = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.#fetch = send;
  }

  /** `path` is below `/api/v1`. */
  urlOf(path: string, query: NonNullable<HubCall['query']> = {}): string {
    const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, String(value)]],
    );
    const search = new URLSearchParams(given).toString();
    return `${this.#url}/api/v1${path}${search === '' ? '' : `?${search}`}`;
  }

  async json<Body>(path: string, request: HubCall = {}): Promise<Body> {
    const response = await this.#send(path, request);
    const body: unknown = await response.json();
    // The server's own tests hold each answer to its schema.
    return body as Body;
  }

  async nothing(path: string, request: HubCall): Promise<void> {
    const response = await this.#send(path, request);
    await response.body?.cancel();
  }

  async #send(path: string, { method = 'GET', body, query = {}, signal }: HubCall): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json', ...this.#credentials };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const response = await this.#fetch(this.urlOf(path, query), {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
    });
    if (!response.ok) throw await problemOf(response);
    return response;
  }
}
