import { CodedError } from '../../core/coded-error.ts';
import type * as Answers from './api-answers.ts';

/** Problems that have a code of their own here; all others are `api-refused`. */
const known = ['no-such-unit', 'unit-cannot', 'store-unavailable'] as const;

/** An answer that is not 2xx, as an error: the words of its problem document, where it is one. */
export function refusalOf(response: Response, text: string, answers: typeof Answers): CodedError {
  const document = answers.problem.safeParse(parsed(text));
  if (!document.success) {
    const status = `${response.status} ${response.statusText}`.trim();
    const message = `${response.url} answered ${status}, and not as telemetry-server does; is --api right?`;
    return new CodedError('api-not-telemetry', message);
  }
  const name = document.data.type.split(':').at(-1) ?? '';
  return new CodedError(known.find((code) => code === name) ?? 'api-refused', document.data.detail);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is no problem document.
    return undefined;
  }
}
