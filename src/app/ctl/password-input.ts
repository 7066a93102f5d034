import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Readable } from 'node:stream';
import { badUsage } from './arguments.ts';
import type { Output } from './output.ts';

/** Standard input. */
export type Keyboard = Readable & {
  /** Whether a person types there. */
  readonly isTTY?: boolean;
};

/** Far beyond the longest password; a file that was given by mistake is not read to its end. */
const lineBytesMax = 4_096;

/**
 * A new password: on a terminal asked for twice without showing it, else one line. What it has to be like is up to whoever keeps it. Throws CodedError `bad-usage`
 * where there is none, or the two are not the same.
 */
export async function newPassword(name: string, output: Output, keyboard: Keyboard): Promise<string> {
  return keyboard.isTTY === true ? askTwice(name, output, keyboard) : firstLine(keyboard, output.ended);
}

async function askTwice(name: string, output: Output, keyboard: Keyboard): Promise<string> {
  // In raw mode, so that the terminal shows nothing either.
  const lines = createInterface({ input: keyboard, output: silent(), terminal: true, historySize: 0 });
  const typed = lines[Symbol.asyncIterator]();
  const close = (): void => lines.close();
  output.ended.addEventListener('abort', close);
  const ask = async (text: string): Promise<string> => {
    output.ask(text);
    const line = await typed.next();
    output.ask('\n');
    if (line.done === true) throw badUsage('No password was given, and nothing was changed.');
    return line.value;
  };
  try {
    const password = await ask(`New password for ${name}, at least 12 characters: `);
    if (password !== (await ask('The same again: '))) throw badUsage('The two are not the same; nothing was changed.');
    return password;
  } finally {
    output.ended.removeEventListener('abort', close);
    lines.close();
  }
}

async function firstLine(input: Keyboard, ended: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  const stop = (): void => void input.destroy();
  ended.addEventListener('abort', stop);
  try {
    let bytes = 0;
    for await (const chunk of input) {
      const some = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      chunks.push(some);
      bytes += some.length;
      if (some.includes('\n') || bytes > lineBytesMax) break;
    }
  } finally {
    ended.removeEventListener('abort', stop);
  }
  const [line = ''] = textOf(Buffer.concat(chunks)).split(/\r?\n/, 1);
  if (line !== '') return line;
  throw badUsage('Standard input has no password; it is one line of it, or is asked for where that is a terminal.');
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badUsage('What standard input has is no text in UTF-8, and no password.');
  }
}

function silent(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
