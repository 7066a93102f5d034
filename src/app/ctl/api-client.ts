import pRetry from 'p-retry';
import type { z } from 'zod';
import { CodedError } from '../../core/coded-error.ts';
import type * as Answers from './api-answers.ts';
import { refusalOf } from './api-refusal.ts';
import type { Patience } from './patience.ts';

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
  readonly signal: AbortSignal;
  readonly patience: Patience;
}

/** Calls to the HTTP API. A call that nobody answered is tried again a few times; an answer, whatever it says, is the end of a call. */
export class ApiClient {
  readonly url: URL;
  readonly #signal: AbortSignal;
  readonly #patience: Patience;

  constructor({ url, signal, patience }: ApiClientOptions) {
    this.url = url;
    this.#signal = signal;
    this.#patience = patience;
  }

  get<Body>(path: string, choose: Choose<Body>): Promise<Answer<Body>> {
    return this.#call(path, {}, choose);
  }

  /** PUT is idempotent as long as no answer came: the same interval twice is the same interval. */
  put<Body>(path: string, body: unknown, choose: Choose<Body>): Promise<Answer<Body>> {
    const headers = { 'content-type': 'application/json' };
    return this.#call(path, { method: 'PUT', headers, body: JSON.stringify(body) }, choose);
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
      if (!response.ok) throw refusalOf(response, await this.#text(response), await import('./api-answers.ts'));
      const answered = response.headers.get('content-type') ?? '';
      if (response.body === null || !answered.startsWith(type)) throw notTelemetry(response.url);
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

  #call<Body>(path: string, init: RequestInit, choose: Choose<Body>): Promise<Answer<Body>> {
    return this.retry(async () => {
      const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(this.#patience.callMsMax)]);
      // Loaded while the answer is on its way.
      const [response, answers] = await Promise.all([
        this.#fetch(path, { ...init, signal }),
        import('./api-answers.ts'),
      ]);
      const text = await this.#text(response);
      if (!response.ok) throw refusalOf(response, text, answers);
      const raw = parsed(text);
      const { success, data } = choose(answers).safeParse(raw);
      if (!success) throw notTelemetry(response.url);
      const serverMs = Date.parse(response.headers.get('date') ?? '');
      return { body: data, raw, serverMs: Number.isNaN(serverMs) ? undefined : serverMs };
    });
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(new URL(path, this.url), init);
    } catch (cause) {
      throw this.#failure(cause, () => {
        const what = `Nobody answers at ${this.url.href} (${reasonOf(cause)})`;
        return new CodedError('api-unreachable', `${what}; is telemetry-server running, and is --api right?`, {
          cause,
        });
      });
    }
  }

  async #text(response: Response): Promise<string> {
    try {
      return await response.text();
    } catch (cause) {
      throw this.#failure(
        cause,
        () =>
          new CodedError(
            'api-answer-broken',
            `The answer of ${response.url} ended early (${reasonOf(cause)}); try again.`,
            { cause },
          ),
      );
    }
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

function notTelemetry(url: string): CodedError {
  return new CodedError(
    'api-not-telemetry',
    `${url} does not answer as telemetry-server does; is --api right, and is the server as new as telemetryctl?`,
  );
}

/** What fetch hides: its own message is always `fetch failed`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return reasonOf(error.cause);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.message;
}
