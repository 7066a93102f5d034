import { request as requestPlain, type IncomingHttpHeaders } from 'node:http';
import { request as requestTls } from 'node:https';

export interface Call {
  readonly method?: string;
  /** Any at all: fetch would not let a test say who it is. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** PEM, what TLS trusts. */
  readonly ca?: string;
}

export interface Called {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Parsed where it is JSON. */
  readonly body: unknown;
  /** The last part of the problem's type. */
  readonly problem: string | undefined;
}

/** One request on a connection of its own, with just these headers and what HTTP/1.1 asks for. */
export function call(url: string, { method = 'GET', headers = {}, body, ca }: Call = {}): Promise<Called> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const type = text === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? requestTls : requestPlain;
    const request = send(
      url,
      { method, agent: false, headers: { ...type, ...headers }, ...(ca !== undefined && { ca }) },
      (response) => {
        let received = '';
        response.setEncoding('utf8').on('data', (chunk) => (received += String(chunk)));
        response.on('error', reject);
        response.on('end', () => {
          const isJson = response.headers['content-type']?.includes('json') === true;
          const parsed: unknown = isJson && received !== '' ? JSON.parse(received) : received;
          const problem = /^urn:telemetry-hub:problem:(.*)$/.exec(String(Object(parsed).type))?.[1];
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed, problem });
        });
      },
    );
    request.on('error', reject);
    request.end(text);
  });
}

/** Logs in, and gives the cookie as a browser sends it back. */
export async function logIn(url: string, name: string, password: string, more: Call = {}): Promise<string> {
  const { status, headers } = await call(`${url}/api/v1/session`, {
    method: 'POST',
    body: { name, password },
    ...more,
  });
  if (status !== 204) throw new Error(`not logged in: ${status}`);
  return cookieOf(headers);
}

/** The cookie that an answer sets, as it is sent back. */
export function cookieOf(headers: IncomingHttpHeaders): string {
  return headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
}
