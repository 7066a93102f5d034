import { closeSync, openSync, readSync } from 'node:fs';

/** Far more than all settings together; a longer file is not a configuration. */
export const fileBytesMax = 2 ** 20;

export type FileText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly fault: string };

/** Reads a configuration file, a pipe too. `fault` is a sentence without the file's name. */
export function readFileText(path: string): FileText {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.alloc(fileBytesMax + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null);
    }
    if (length > fileBytesMax)
      return { ok: false, fault: `the file is over ${fileBytesMax} bytes, which no configuration is` };
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length)) };
  } catch (error) {
    return { ok: false, fault: faultOf(error) };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function faultOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'this is a folder; give the file in it';
    case 'EACCES':
    case 'EPERM':
      return 'this user may not read the file';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'the file is not UTF-8 text';
    default:
      return `the file cannot be read (${code})`;
  }
}
