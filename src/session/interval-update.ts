import { limits } from '../core/limits.ts';
import { isObject } from './json-text.ts';

/** The data of `!UPDT` for a v2 unit (protocol 5). `interval` and `rev` as they stand in the text: the tag is over these characters. */
export interface IntervalUpdate {
  readonly seconds: number;
  readonly rev: number;
  readonly tag: string;
  readonly signedText: string;
}

/** Whether the protocol has this interval: 0.1 to 86,400 s, a multiple of 0.001. */
export function isInterval(seconds: number): boolean {
  return (
    seconds >= limits.intervalSecondsMin &&
    seconds <= limits.intervalSecondsMax &&
    Math.round(seconds * 1000) / 1000 === seconds
  );
}

/** What the tag is over; `interval` and `rev` are the characters of the datagram. */
export function textToSign(clientId: string, rev: number | string, interval: number | string): string {
  return `${clientId}\n${rev}\n${interval}`;
}

export function formatUpdate(seconds: number, rev: number, tag: string): string {
  return `{"interval":${seconds},"rev":${rev},"tag":"${tag}"}`;
}

const updateForm = /^(?:0|[1-9]\d{0,4})(?:\.\d{0,2}[1-9])?$/;

/** The update in `data`, or undefined where it is none. */
export function parseUpdate(data: string, clientId: string): IntervalUpdate | undefined {
  const sources = new Map<string, string>();
  let members: unknown;
  try {
    members = JSON.parse(data, (name: string, value: unknown, context?: { readonly source?: string }) => {
      if (context?.source !== undefined) sources.set(name, context.source);
      return value;
    });
  } catch {
    // Anybody can send a datagram; the caller counts it.
    return undefined;
  }
  if (!isObject(members)) return undefined;
  const { interval, rev, tag } = members;
  const intervalText = sources.get('interval') ?? '';
  const revText = sources.get('rev') ?? '';
  // A member of the same name deeper inside must not lend its characters to the tag.
  if (Number(intervalText) !== interval || Number(revText) !== rev) return undefined;
  if (typeof interval !== 'number' || !isInterval(interval) || !updateForm.test(intervalText)) return undefined;
  if (typeof rev !== 'number' || !Number.isSafeInteger(rev) || rev < 1 || typeof tag !== 'string') return undefined;
  return { seconds: interval, rev, tag, signedText: textToSign(clientId, revText, intervalText) };
}

/** The interval in the data of a v1 `!UPDT`: decimal text in whole seconds. */
export function parseV1Update(data: string): number | undefined {
  const text = data.trim();
  if (!/^\d{1,5}$/.test(text)) return undefined;
  const seconds = Number(text);
  return isInterval(seconds) ? seconds : undefined;
}

/** The revision in the data of `!UPDT: RECEIVED 8`; undefined where none is given, null where the data is no confirmation. */
export function parseConfirmation(data: string): number | undefined | null {
  const match = /^: RECEIVED(?: (\d{1,16}))?$/.exec(data);
  if (match === null) return null;
  return match[1] === undefined ? undefined : Number(match[1]);
}
