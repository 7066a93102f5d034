import type { FleetRow } from '../../../api/contract.ts';
import type { ApiClient } from '../api-client.ts';
import { painter } from '../colour.ts';
import type { TopCommand } from '../command.ts';
import type { Output } from '../output.ts';
import type { Patience } from '../patience.ts';
import { screenBegins, screenEnds, screenOf, sizeOf, type Terminal } from '../terminal.ts';
import { FleetStream } from './fleet-stream.ts';
import { KeyReader } from './key-reader.ts';
import type { Key } from './top-keys.ts';
import { pageOf, topLines } from './top-screen.ts';
import { pressed, shownRows, topState, type TopState } from './top-state.ts';
import { UnitReport } from './unit-report.ts';

export interface FullScreenOptions {
  readonly command: TopCommand;
  readonly patience: Patience;
  readonly terminal: Terminal;
}

/** The screen is drawn at most so often, keys apart, and at least once a second, so that ages are told. */
const drawMsMin = 250;
const drawMsMax = 1_000;

/** `telemetryctl top` on a terminal. */
export class FullScreen {
  readonly #api: ApiClient;
  readonly #output: Output;
  readonly #terminal: Terminal;
  readonly #end = new AbortController();
  readonly #ended: AbortSignal;
  readonly #fleet: FleetStream;
  readonly #report: UnitReport;
  #state: TopState;
  /** The rows as they are drawn, and what they were chosen by: what a key does, it does to what was seen. */
  #shown:
    (Pick<TopState, 'sort' | 'filter'> & { readonly rows: readonly FleetRow[]; readonly atMs: number }) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #drawnMs = Number.NEGATIVE_INFINITY;
  #isWriting = false;
  #isDue = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(api: ApiClient, output: Output, { command, patience, terminal }: FullScreenOptions) {
    this.#output = output;
    this.#terminal = terminal;
    this.#state = topState(command);
    this.#ended = AbortSignal.any([output.ended, this.#end.signal]);
    this.#api = api.until(this.#ended);
    const changed = (): void => this.#drawSoon();
    this.#fleet = new FleetStream({ patience, ended: this.#ended, changed });
    this.#report = new UnitReport({
      api: this.#api,
      patience,
      ended: this.#ended,
      colour: output.colour,
      look: () => ({ ...output.look, columns: sizeOf(terminal).columns }),
      nowMs: () => this.#fleet.nowMs(),
      changed,
      failed: (error) => this.#fail(error),
    });
  }

  /** Resolves when the user has ended it, rejects where there is no server. The terminal is then as it was. */
  async run(): Promise<void> {
    const { keyboard } = this.#terminal;
    const keys = new KeyReader(keyboard, {
      pressed: (some) => this.#orFail(() => this.#press(some)),
      gone: () => this.#end.abort(),
    });
    const offResize = this.#terminal.onResize(() => this.#drawSoon());
    keys.start();
    try {
      await this.#output.print(screenBegins);
      this.#drawSoon();
      await this.#fleet.follow(this.#api);
    } catch (error) {
      // Whoever ends it ends what is on its way.
      if (!this.#ended.aborted) throw error;
    } finally {
      clearTimeout(this.#timer);
      offResize();
      keys.stop();
      this.#report.close();
      await this.#output.printLast(screenEnds);
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #press(keys: readonly Key[]): void {
    const rows = (): readonly FleetRow[] => this.#rows();
    for (const key of keys) {
      const { mode } = this.#state;
      this.#state = pressed(this.#state, key, {
        // Asked for by few keys, and not made anew for each letter of a filter.
        get ids() {
          return rows().map(({ client_id: id }) => id);
        },
        page: pageOf(sizeOf(this.#terminal)),
        lines: mode.name === 'unit' ? this.#report.linesOf(mode.clientId).length : 0,
      });
    }
    if (this.#state.isEnded) this.#end.abort();
    else this.#draw();
  }

  #rows(): readonly FleetRow[] {
    const { sort, filter } = this.#state;
    if (this.#shown?.sort !== sort || this.#shown.filter !== filter) {
      const rows = shownRows(this.#fleet.rows.values(), this.#state, this.#fleet.nowMs());
      this.#shown = { sort, filter, rows, atMs: performance.now() };
    }
    return this.#shown.rows;
  }

  #drawSoon(): void {
    const waitMs = Math.max(0, this.#drawnMs + drawMsMin - performance.now());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#shown = undefined;
      this.#orFail(() => this.#draw());
    }, waitMs);
  }

  #draw(): void {
    clearTimeout(this.#timer);
    if (this.#ended.aborted) return;
    this.#isDue = this.#isWriting;
    if (this.#isWriting) return;
    this.#drawnMs = performance.now();
    // Keys that are held down do not hold up what is new.
    if (this.#shown !== undefined && this.#drawnMs - this.#shown.atMs >= drawMsMin) this.#shown = undefined;
    this.#timer = setTimeout(() => this.#drawSoon(), drawMsMax);
    const { mode } = this.#state;
    if (mode.name !== 'unit') this.#report.close();
    const lines = topLines(this.#state, {
      server: this.#api.url.host,
      all: this.#fleet.rows,
      rows: this.#rows(),
      nowMs: this.#fleet.nowMs(),
      stale: this.#fleet.stale,
      report: mode.name === 'unit' ? this.#report.linesOf(mode.clientId) : [],
      size: sizeOf(this.#terminal),
      paint: painter(this.#output.colour),
    });
    void this.#write(screenOf(lines));
  }

  /** A terminal that is slow gets the newest screen when it has taken the one before, and none between. */
  async #write(screen: string): Promise<void> {
    this.#isWriting = true;
    await this.#output.print(screen);
    this.#isWriting = false;
    if (this.#isDue) this.#drawSoon();
  }

  #orFail(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What is wrong with this program is said when the terminal is as it was. */
  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#end.abort();
  }
}
