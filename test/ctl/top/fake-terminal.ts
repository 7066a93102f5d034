import { PassThrough, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { Terminal, TerminalSize } from '../../../src/app/ctl/terminal.ts';

/** A terminal that remembers what it was shown and in which modes it was. */
export class FakeTerminal implements Terminal {
  columns = 100;
  rows = 12;
  /** Every raw mode that was set, in order. */
  readonly modes: boolean[] = [];
  readonly keyboard = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean): void => void this.modes.push(raw),
  });
  readonly resized = new Set<() => void>();
  written = '';
  readonly stdout = new Writable({
    write: (chunk, _encoding, done) => {
      this.written += String(chunk);
      done();
    },
  });

  size(): TerminalSize {
    return { columns: this.columns, rows: this.rows };
  }

  onResize(listener: () => void): () => void {
    this.resized.add(listener);
    return () => this.resized.delete(listener);
  }

  resize(size: TerminalSize): void {
    this.columns = size.columns;
    this.rows = size.rows;
    for (const listener of this.resized) listener();
  }

  press(keys: string): void {
    this.keyboard.write(keys);
  }

  /** How often the screen was drawn. */
  get drawn(): number {
    return this.written.split(home).length - 1;
  }

  /** The lines that were drawn last. */
  get lines(): readonly string[] {
    const last = this.written.split(home).at(-1) ?? '';
    return stripVTControlCharacters(last).split('\r\n');
  }

  get text(): string {
    return this.lines.join('\n');
  }

  /** What stands under the bar, by its first word. */
  get chosen(): string | undefined {
    const last = this.written.split(home).at(-1) ?? '';
    return last.split(`${escape}[7m`)[1]?.split(' ')[0];
  }
}

const escape = '\u001B';
const home = `${escape}[H`;
