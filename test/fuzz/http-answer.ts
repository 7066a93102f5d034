/** What was answered to a request, as far as it is judged. */
export interface Answer {
  readonly status: number;
  /** Of a refusal whose document could be read. */
  readonly problem: Problem | undefined;
}

interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

/** The first answer in what a server sent; undefined where there is none. The answer to a HEAD has no document, and is given the least one. */
export function judged(bytes: Buffer, request: Uint8Array): Answer | undefined {
  const text = bytes.toString('utf8').replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
  const match = /^HTTP\/1\.[01] (\d{3}) /.exec(text);
  if (match === null) {
    if (text === '') return undefined;
    throw new Error(`no answer begins like this: ${text.slice(0, 80)}`);
  }
  const status = Number(match[1]);
  const end = text.indexOf('\r\n\r\n');
  const head = text.slice(0, end);
  if (status < 400) return { status, problem: undefined };
  if (!/^content-type: application\/problem\+json/im.test(head)) return { status, problem: undefined };
  if (/^\s*HEAD/.test(Buffer.from(request).toString('latin1'))) return { status, problem: withoutDocument(status) };
  const bytesIn = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
  return {
    status,
    problem: problemIn(
      Buffer.from(text.slice(end + 4))
        .subarray(0, bytesIn)
        .toString('utf8'),
    ),
  };
}

function problemIn(text: string): Problem | undefined {
  const document: unknown = JSON.parse(text);
  if (typeof document !== 'object' || document === null) return undefined;
  const { type, title, status, detail } = document as Record<string, unknown>;
  if (typeof type !== 'string' || typeof title !== 'string') return undefined;
  return typeof status === 'number' && typeof detail === 'string' ? { type, title, status, detail } : undefined;
}

function withoutDocument(status: number): Problem {
  return { type: 'urn:telemetry-hub:problem:', title: 'HEAD', status, detail: 'HEAD' };
}
