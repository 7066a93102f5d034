/** A refusal of the server: a problem document (RFC 9457), or an answer that is none of ours. */
export class HubProblem extends Error {
  /** The last part of the problem's type, such as `no-such-unit`; `unknown` where the answer is no problem document. */
  readonly problem: string;
  readonly status: number;
  /** Seconds to wait before trying again, where the server says so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    problem: string,
    { status, detail, retryAfterSeconds }: { status: number; detail: string; retryAfterSeconds?: number | undefined },
  ) {
    super(detail);
    this.name = 'HubProblem';
    this.problem = problem;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const typeForm = /^urn:telemetry-hub:problem:([a-z-]+)$/;

/** What an answer that is no success says. */
export async function problemOf(response: Response): Promise<HubProblem> {
  const { status } = response;
  const body = await bodyOf(response);
  const [, problem = 'unknown'] = typeForm.exec(textOf(body, 'type')) ?? [];
  const said = textOf(body, 'detail');
  const detail = said === '' ? `The server answered ${status} ${response.statusText}.` : said;
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new HubProblem(problem, {
    status,
    detail,
    retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : undefined,
  });
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    // A proxy's page, or nothing.
    return undefined;
  }
}

function textOf(body: unknown, name: string): string {
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  return typeof value === 'string' ? value : '';
}
