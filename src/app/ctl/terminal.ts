import type { Keyboard } from './password-input.ts';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** The terminal that telemetryctl runs in, for what fills all of it. */
export interface Terminal {
  /** Zeros where it does not say how large it is. */
  size(): TerminalSize;
  /** The result takes the listener away. */
  onResize(listener: () => void): () => void;
  readonly keyboard: TypedKeys;
}

/** A keyboard whose keys can be had one by one. */
export type TypedKeys = Keyboard & { setRawMode(raw: boolean): unknown };

/** What terminals were made as for decades. A serial line does not say its size. */
const usualSize = { columns: 80, rows: 24 };

export function sizeOf(terminal: Terminal): TerminalSize {
  const { columns, rows } = terminal.size();
  return columns > 0 && rows > 0 ? { columns, rows } : usualSize;
}

/** What a terminal is told (ECMA-48; the modes are xterm's): another screen without cursor and line wrap, and back. */
export const screenBegins = '\u001B[?1049h\u001B[?25l\u001B[?7l';
export const screenEnds = '\u001B[?7h\u001B[?25h\u001B[?1049l';

/** Draws `lines` over what is there, without the flicker of clearing it first. */
export function screenOf(lines: readonly string[]): string {
  return `\u001B[H${lines.map((line) => `${line}\u001B[K`).join('\r\n')}\u001B[J`;
}

/** Text that stands out as chosen. Colours inside of it would end it. */
export function chosenLine(text: string): string {
  return `\u001B[7m${text}\u001B[0m`;
}
