import type { Writable } from 'node:stream';
import { CodedError } from '../../core/coded-error.ts';

/** What the terminal behind standard output can show. */
export interface TerminalLook {
  /** Characters that a line has. */
  readonly columns: number;
  /** Whether it has block characters. */
  readonly blocks: boolean;
}

export interface OutputOptions {
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Colours on standard output. */
  readonly colour: boolean;
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean;
  readonly look: TerminalLook;
  readonly signal: AbortSignal;
}

/** Standard output and standard error. Writing waits for a slow reader. */
export class Output {
  readonly colour: boolean;
  readonly isTerminal: boolean;
  readonly look: TerminalLook;
  readonly #stdout: Writable;
  readonly #stderr: Writable;
  readonly #end = new AbortController();
  readonly #ended: AbortSignal;
  #failure: CodedError | undefined;

  constructor({ stdout, stderr, colour, isTerminal, look, signal }: OutputOptions) {
    this.colour = colour;
    this.isTerminal = isTerminal;
    this.look = look;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#ended = AbortSignal.any([signal, this.#end.signal]);
    stdout.on('error', (cause) => this.#fail(cause));
    // There is nowhere left to say it.
    stderr.on('error', () => {});
  }

  /** Aborted when the user has ended the program, or nobody reads its output any more. */
  get ended(): AbortSignal {
    return this.#ended;
  }

  /** Why standard output does not work; undefined where its reader just left. */
  get failure(): CodedError | undefined {
    return this.#failure;
  }

  /** Resolves when it is written, or nothing more will be. */
  async print(text: string): Promise<void> {
    if (this.#ended.aborted || text === '') return;
    const written = Promise.withResolvers<void>();
    const done = (): void => written.resolve();
    this.#ended.addEventListener('abort', done);
    this.#stdout.write(text, (error) => {
      if (error) this.#fail(error);
      done();
    });
    await written.promise;
    this.#ended.removeEventListener('abort', done);
  }

  /** What has to be written even though the user has ended the program: a terminal is left as it was. */
  printLast(text: string): Promise<void> {
    return new Promise((resolve) => this.#stdout.write(text, () => resolve()));
  }

  /** For the person, beside the output. */
  say(text: string): void {
    this.#stderr.write(`telemetryctl: ${text}\n`);
  }

  /** A question to the person; the answer is typed behind it. */
  ask(text: string): void {
    this.#stderr.write(text);
  }

  #fail(cause: NodeJS.ErrnoException): void {
    // `head` has seen enough: that is no failure.
    if (cause.code !== 'EPIPE') {
      this.#failure ??= new CodedError('output-failed', `Cannot write to standard output: ${cause.message}`, { cause });
    }
    this.#end.abort();
  }
}
