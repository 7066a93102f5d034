import { CodedError } from '../../core/coded-error.ts';

/**
 * The text of an answer, as it arrives. Ends with the answer; throws CodedError `api-silent` when nothing came for `silenceMsMax`. Time in which
 * the caller is busy does not count.
 */
export async function* textOf(stream: ReadableStream<Uint8Array>, silenceMsMax: number): AsyncGenerator<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), silenceMsMax);
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    // The stream may have failed already, and has nothing left to release then.
    await reader.cancel().catch(() => {});
  }
}

async function within<Result>(waited: Promise<Result>, msMax: number): Promise<Result> {
  const silent = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    silent.reject(new CodedError('api-silent', `The server has said nothing for ${msMax / 1000} s.`));
  }, msMax);
  try {
    return await Promise.race([waited, silent.promise]);
  } finally {
    clearTimeout(timer);
  }
}
