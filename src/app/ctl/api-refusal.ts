import { CodedError } from '../../core/coded-error.ts';
import type * as Answers from './api-answers.ts';

/** Problems that have a code of their own here; all others are `api-refused`. */
const known = [
  'no-such-unit',
  'no-such-machine',
  'no-such-token',
  'unit-cannot',
  'machine-cannot',
  'store-unavailable',
] as const;

export interface Refusal {
  readonly url: URL;
  readonly response: Pick<Response, 'status' | 'statusText'>;
  readonly text: string;
  readonly hasToken: boolean;
}

/** An answer that is not 2xx, as an error: the words of its problem document, where it is one. */
export function refusalOf({ url, response, text, hasToken }: Refusal, answers: typeof Answers): CodedError {
  const document = answers.problem.safeParse(parsed(text));
  if (!document.success) {
    const status = `${response.status} ${response.statusText}`.trim();
    const message = `${url.href} answered ${status}, and not as telemetry-server does; is --api right?`;
    return new CodedError('api-not-telemetry', message);
  }
  const { type, detail } = document.data;
  const name = type.split(':').at(-1) ?? '';
  if (name === 'unauthenticated') return unauthenticated(url, hasToken);
  if (name === 'forbidden-scope') return new CodedError('api-forbidden', `${detail} ${largerScope}`);
  return new CodedError(known.find((code) => code === name) ?? 'api-refused', detail);
}

const largerScope =
  "On the server's machine, telemetryctl api-token new NAME --scope operate (or admin) makes an API token that may.";

function unauthenticated({ origin }: URL, hasToken: boolean): CodedError {
  const what = hasToken
    ? `${origin} does not take this API token: it is none of that server's, has expired, or was revoked`
    : `${origin} wants to know who asks; give an API token in TELEMETRY_API_TOKEN, or a file with one in --api-token-file`;
  const how = "on the server's machine, telemetryctl api-token new NAME makes one.";
  return new CodedError('api-unauthenticated', `${what}; ${how}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is no problem document.
    return undefined;
  }
}
