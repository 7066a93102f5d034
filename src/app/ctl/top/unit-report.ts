import { CodedError } from '../../../core/coded-error.ts';
import type { ApiClient } from '../api-client.ts';
import { historyText } from '../history-command.ts';
import type { TerminalLook } from '../output.ts';
import type { Patience } from '../patience.ts';
import { plainText } from './plain-text.ts';

/** What it shows, and how often that is asked for. */
const spanMs = 3_600_000;
const everyMs = 10_000;
const asking = ['asking for the last hour …'];

export interface UnitReportOptions {
  readonly api: ApiClient;
  readonly patience: Patience;
  readonly ended: AbortSignal;
  readonly colour: boolean;
  /** What the terminal is like now. */
  readonly look: () => TerminalLook;
  /** The server's clock. */
  readonly nowMs: () => number;
  /** There is more to see. */
  readonly changed: () => void;
  /** Something is wrong with this program. */
  readonly failed: (error: unknown) => void;
}

/** The unit that is open. */
interface Open {
  readonly clientId: string;
  readonly end: AbortController;
  /** As it was told last. */
  lines: readonly string[];
  /** Why nothing newer was. */
  trouble: string | undefined;
  isAsking: boolean;
  askedMs: number;
  columns: number;
}

/** The last hour of the unit that is open, as plots and tables; asked for anew now and then. */
export class UnitReport {
  readonly #options: UnitReportOptions;
  #open: Open | undefined;

  constructor(options: UnitReportOptions) {
    this.#options = options;
  }

  /** The lines of it as they are now; asks for it where it is due. */
  linesOf(clientId: string): readonly string[] {
    if (this.#open?.clientId !== clientId) {
      this.close();
      this.#open = opened(clientId);
    }
    const open = this.#open;
    const isDue = performance.now() - open.askedMs >= everyMs || open.columns !== this.#options.look().columns;
    if (isDue && !open.isAsking) void this.#ask(open);
    const { lines, trouble } = open;
    return trouble === undefined ? lines : [trouble, '', ...lines];
  }

  /** It is not looked at any more. */
  close(): void {
    this.#open?.end.abort();
    this.#open = undefined;
  }

  async #ask(open: Open): Promise<void> {
    const look = this.#options.look();
    open.isAsking = true;
    open.askedMs = performance.now();
    open.columns = look.columns;
    try {
      open.lines = (await this.#text(open, look)).trimEnd().split('\n');
      open.trouble = undefined;
    } catch (error) {
      if (open.end.signal.aborted || this.#options.ended.aborted) return;
      if (!(error instanceof CodedError)) return this.#options.failed(error);
      open.trouble = plainText(error.message);
      if (open.lines === asking) open.lines = [];
    }
    open.isAsking = false;
    this.#options.changed();
  }

  async #text({ clientId, end }: Open, look: TerminalLook): Promise<string> {
    const { patience, colour } = this.#options;
    const ended = AbortSignal.any([this.#options.ended, end.signal]);
    const api = this.#options.api.until(ended);
    const { body: unit } = await api.get(`api/v1/units/${encodeURIComponent(clientId)}`, (answers) => answers.unit);
    const toMs = this.#options.nowMs();
    const asked = { type: 'history', name: clientId, fromMs: toMs - spanMs, toMs, json: false } as const;
    const command = { ...asked, sensor: undefined, id: undefined, stepMs: undefined };
    return historyText(api, unit, { command, patience, look, colour, ended });
  }
}

function opened(clientId: string): Open {
  return {
    clientId,
    end: new AbortController(),
    lines: asking,
    trouble: undefined,
    isAsking: false,
    askedMs: Number.NEGATIVE_INFINITY,
    columns: Number.NaN,
  };
}
