import pRetry from 'p-retry';
import type { z } from 'zod';
import { CodedError } from '../../core/coded-error.ts';
import type * as Answers from './api-answers.ts';
import { refusalOf } from './api-refusal.ts';
import type { Patience } from './patience.ts';
import type { ApiRequest, Exchange } from './secure-exchange.ts';

export interface Answer<Body> {
  readonly body: Body;
  /** As it came, with the members that are not known here. */
  readonly raw: unknown;
  /** The server's clock, by its Date header; undefined where a proxy has taken that away. */
  readonly serverMs: number | undefined;
}

/** Picks the schema; the module of schemas is loaded with the first answer only. */
type Choose<Body> = (answers: typeof Answers) => z.ZodType<Body>;

export interface ApiClientOptions {
  readonly url: URL;
  readonly exchange: Exchange;
  /** An API token; undefined: none is sent. */
  readonly token: string | undefined;
  readonly signal: AbortSignal;
  readonly patience: Patience;
}

/** Calls to the HTTP API. A call that nobody answered is tried again a few times; an answer, whatever it says, is the end of a call. */
export class ApiClient {
  readonly url: URL;
  readonly #options: ApiClientOptions;
  readonly #exchange: Exchange;
  readonly #credentials: Readonly<Record<string, string>>;
  readonly #signal: AbortSignal;
  readonly #patience: Patience;

  constructor(options: ApiClientOptions) {
    const { url, exchange, token, signal, patience } = options;
    this.url = url;
    this.#options = options;
    this.#exchange = exchange;
    this.#credentials = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.#signal = signal;
    this.#patience = patience;
  }

  /** The same, whose calls end with `signal` as well. */
  until(signal: AbortSignal): ApiClient {
    return new ApiClient({ ...this.#options, signal: AbortSignal.any([this.#signal, signal]) });
  }

  get<Body>(path: string, choose: Choose<Body>): Promise<Answer<Body>> {
    return this.#call(path, {}, choose);
  }

  /** PUT is idempotent as long as no answer came: the same interval twice is the same interval. */
  put<Body>(path: string, body: unknown, choose: Choose<Body>): Promise<Answer<Body>> {
    return this.#call(path, { method: 'PUT', ...asJson(body) }, choose);
  }

  /** Sent again like all others while no answer came: to approve twice is to approve, and a token that nobody has seen ends by itself. */
  post<Body>(path: string, body: unknown, choose: Choose<Body>): Promise<Answer<Body>> {
    return this.#call(path, { method: 'POST', ...(body !== undefined && asJson(body)) }, choose);
  }

  delete<Body>(path: string, choose: Choose<Body>): Promise<Answer<Body>> {
    return this.#call(path, { method: 'DELETE' }, choose);
  }

  /** Opens an answer that is read while it comes, of the media type `type`; one attempt. `signal` ends it as well. */
  async stream(path: string, type: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new DOMException('The stream did not open', 'TimeoutError')),
      this.#patience.callMsMax,
    );
    try {
      const headers = { accept: type };
      const response = await this.#fetch(path, { headers, signal: AbortSignal.any([signal, late.signal]) });
      if (!response.ok) throw await this.#refusal(path, response);
      const answered = response.headers.get('content-type') ?? '';
      if (response.body === null || !answered.startsWith(type)) throw notTelemetry(this.#urlOf(path));
      return response.body;
    } finally {
      // Only the opening is limited, not the stream.
      clearTimeout(timer);
    }
  }

  /** Tries what `attempt` does again while nobody answers. */
  retry<Result>(attempt: () => Promise<Result>): Promise<Result> {
    return pRetry(attempt, {
      retries: this.#patience.retries,
      minTimeout: this.#patience.retryFirstMs,
      signal: this.#signal,
      shouldRetry: ({ error }) => error instanceof CodedError && error.code === 'api-unreachable',
    });
  }

  #call<Body>(path: string, request: Omit<ApiRequest, 'signal'>, choose: Choose<Body>): Promise<Answer<Body>> {
    return this.retry(async () => {
      const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(this.#patience.callMsMax)]);
      // Loaded while the answer is on its way.
      const [response, answers] = await Promise.all([
        this.#fetch(path, { ...request, signal }),
        import('./api-answers.ts'),
      ]);
      if (!response.ok) throw await this.#refusal(path, response);
      const raw = parsed(await this.#text(path, response));
      const { success, data } = choose(answers).safeParse(raw);
      if (!success) throw notTelemetry(this.#urlOf(path));
      const serverMs = Date.parse(response.headers.get('date') ?? '');
      return { body: data, raw, serverMs: Number.isNaN(serverMs) ? undefined : serverMs };
    });
  }

  async #fetch(path: string, request: ApiRequest): Promise<Response> {
    const headers = { ...request.headers, ...this.#credentials };
    try {
      return await this.#exchange(this.#urlOf(path), { ...request, headers });
    } catch (cause) {
      if (cause instanceof CodedError) throw cause;
      throw this.#failure(cause, () => {
        const reason = reasonOf(cause);
        // OpenSSL's words for bytes that are none of TLS.
        if (/^(EPROTO|ERR_SSL_)/.test(reason)) return noTls(this.url, cause);
        const what = `Nobody answers at ${this.url.href} (${reason})`;
        return new CodedError('api-unreachable', `${what}; is telemetry-server running, and is --api right?`, {
          cause,
        });
      });
    }
  }

  async #refusal(path: string, response: Response): Promise<CodedError> {
    const text = await this.#text(path, response);
    return refusalOf(
      { url: this.#urlOf(path), response, text, hasToken: 'authorization' in this.#credentials },
      await import('./api-answers.ts'),
    );
  }

  async #text(path: string, response: Response): Promise<string> {
    try {
      return await response.text();
    } catch (cause) {
      const what = `The answer of ${this.#urlOf(path).href} ended early`;
      throw this.#failure(
        cause,
        () => new CodedError('api-answer-broken', `${what} (${reasonOf(cause)}); try again.`, { cause }),
      );
    }
  }

  #urlOf(path: string): URL {
    return new URL(path, this.url);
  }

  #failure(cause: unknown, other: () => CodedError): unknown {
    if (this.#signal.aborted) return this.#signal.reason;
    if (!(cause instanceof DOMException) || cause.name !== 'TimeoutError') return other();
    const message = `${this.url.href} did not answer within ${this.#patience.callMsMax / 1000} s; is it telemetry-server, and is it well? See its /readyz.`;
    return new CodedError('api-timeout', message, { cause });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema says what is wrong: it takes no undefined.
    return undefined;
  }
}

function asJson(body: unknown): Pick<ApiRequest, 'headers' | 'body'> {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function noTls({ origin }: URL, cause: unknown): CodedError {
  const message = `What answers at ${origin} does not speak TLS; is the API at ${origin.replace('https:', 'http:')}?`;
  return new CodedError('api-not-telemetry', message, { cause });
}

function notTelemetry({ href }: URL): CodedError {
  return new CodedError(
    'api-not-telemetry',
    `${href} does not answer as telemetry-server does; is --api right, and is the server as new as telemetryctl?`,
  );
}

/** What fetch hides: its own message is always `fetch failed`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return reasonOf(error.cause);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.message;
}
