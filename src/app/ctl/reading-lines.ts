import { CodedError } from '../../core/coded-error.ts';
import { reasonOf } from '../../core/system-error.ts';
import type { ApiClient } from './api-client.ts';
import { shown } from './figures.ts';
import { textOf } from './text-stream.ts';

/** No reading as a line is near this; a server that sends no end of one is not ours. */
const lineCharactersMax = 1_048_576;

export interface ReadingLinesOptions {
  readonly unit: { readonly name: string; readonly client_id: string };
  readonly query: URLSearchParams;
  readonly type: 'application/x-ndjson' | 'text/csv';
  readonly silenceMsMax: number;
  readonly ended: AbortSignal;
}

/**
 * Asks for the readings of a unit, or their steps, and gives the answer as it comes, some whole lines at a time. Resolves when the answer has begun; what is given after
 * that ends with a whole line, whatever happens, and throws CodedError `api-answer-broken` where the answer ends early.
 */
export async function readingLines(
  api: ApiClient,
  { unit, query, type, silenceMsMax, ended }: ReadingLinesOptions,
): Promise<AsyncIterable<string>> {
  const path = `api/v1/units/${encodeURIComponent(unit.client_id)}/readings?${query.toString()}`;
  const answer = await api.retry(() => api.stream(path, type, ended));
  return (async function* () {
    try {
      for await (const lines of wholeLines(textOf(answer, silenceMsMax))) {
        yield lines;
        // An answer that is all there does not notice that nobody takes it.
        ended.throwIfAborted();
      }
    } catch (cause) {
      throw broken(unit.name, cause);
    }
  })();
}

async function* wholeLines(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of texts) {
    rest += text;
    const end = rest.lastIndexOf('\n') + 1;
    if (end > 0) yield rest.slice(0, end);
    rest = rest.slice(end);
    if (rest.length > lineCharactersMax)
      throw new CodedError('api-not-telemetry', 'The answer has a line without an end; is --api right?');
  }
}

function broken(unit: string, cause: unknown): CodedError {
  const reason = cause instanceof Error && cause.cause !== undefined ? reasonOf(cause.cause) : reasonOf(cause);
  return new CodedError(
    'api-answer-broken',
    `The readings of ${shown(unit)} ended early (${reason}), so what was printed is not all; try again, and see the log of the server.`,
    { cause },
  );
}
