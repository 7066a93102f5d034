import type { Writable } from 'node:stream';

/** What a program is given of the process that it runs in; nothing below bin/ touches `process` itself. */
export interface Surface {
  readonly stdout: Writable & { readonly isTTY?: boolean };
  /** Writes one line to standard error. */
  readonly complain: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly version: string;
  /** What the process takes now: resident memory, and processor time since it began. */
  readonly usage: () => { readonly residentBytes: number; readonly cpuSeconds: number };
  /** Aborted when the program is to leave cleanly. */
  readonly signal: AbortSignal;
  /**
   * `listener` is called when the program is asked to read its settings again (SIGHUP); the result takes it away. While nobody listens, the signal does
   * what it does to any program whose terminal closes: it ends it.
   */
  readonly onReload: (listener: () => void) => () => void;
}

/** Whether standard output is to be coloured (no-color.org). */
export function wantsColour({ stdout, env }: Surface): boolean {
  const noColour = env['NO_COLOR'];
  return stdout.isTTY === true && (noColour === undefined || noColour === '') && env['TERM'] !== 'dumb';
}

/** Resolves when the program is to leave. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}
