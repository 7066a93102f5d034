import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { CodedError } from '../../core/coded-error.ts';
import { reasonOf, systemErrorCode } from '../../core/system-error.ts';
import type { TlsCredentials } from '../../transport/tls/credentials.ts';
import { checkCertificate, unusable, type ServerCertificate } from './server-certificate.ts';

export interface OwnCertificateOptions {
  /** Where it lies: `certificate.pem` and `key.pem`. The folder around it is there. */
  readonly folder: string;
  /** The name of this machine, for which it is made. */
  readonly hostname: string;
  readonly clock: Pick<Clock, 'wallMs'>;
}

const certificateName = 'certificate.pem';
const keyName = 'key.pem';

/**
 * The server's own certificate. It is made where there is none at all, and never again by itself: clients have pinned it. A damaged one is an error, and so is
 * half of one. Both files come to be there in one step, with their folder, so that no crash leaves two that do not fit.
 */
export async function openOwnCertificate(options: OwnCertificateOptions): Promise<ServerCertificate> {
  const { folder, hostname, clock } = options;
  if (isMissing(folder)) {
    // Loaded only here: 22 MiB and a tenth of a second, once in the life of a server.
    const { makeCertificate } = await import('./make-certificate.ts');
    place(folder, await makeCertificate(hostname, clock.wallMs()));
  }
  const [certificateFile, keyFile] = [join(folder, certificateName), join(folder, keyName)];
  const [certificate, key] = [read(certificateFile, folder), read(keyFile, folder)];
  try {
    return checkCertificate({ certificate, key, certificateFile, keyFile });
  } catch (cause) {
    throw unusable(`${reasonOf(cause)}; ${wayOut(folder)}`, cause);
  }
}

function isMissing(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return true;
    throw unusable(
      `${folder}: it cannot be read (${systemErrorCode(error) ?? 'unknown error'}); ${wayOut(folder)}`,
      error,
    );
  }
}

function read(file: string, folder: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    const what = code === 'ENOENT' ? 'it is missing' : `it cannot be read (${code ?? 'unknown error'})`;
    throw unusable(`${file}: ${what}; ${wayOut(folder)}`, error);
  }
}

function wayOut(folder: string): string {
  return `restore both files from a backup, or move ${folder} away for a new certificate, whose fingerprint all clients that pinned this one then need`;
}

/** Puts both files into a folder of another name, which then takes this one. */
function place(folder: string, { certificate, key }: TlsCredentials): void {
  const partial = `${folder}.partial`;
  try {
    // What a crash has left there, nobody has ever seen.
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { mode: 0o700 });
    write(join(partial, certificateName), certificate);
    write(join(partial, keyName), key);
    syncFolder(partial);
    // An empty folder of that name gives way; one that is not stays.
    if (existsSync(folder)) rmdirSync(folder);
    renameSync(partial, folder);
    syncFolder(dirname(folder));
  } catch (cause) {
    throw new CodedError(
      'folder-unwritable',
      `${folder}: the server's certificate cannot be written (${systemErrorCode(cause) ?? reasonOf(cause)}); give this user the right to write in ${basename(dirname(folder))} and some space there, or name a certificate with tls.certificate and tls.key`,
      { cause },
    );
  }
}

function write(file: string, text: string): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncFolder(folder: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(folder, 'r');
  } catch (error) {
    // Windows opens no folders, and writes their entries through by itself.
    if (systemErrorCode(error) === 'EPERM' || systemErrorCode(error) === 'EISDIR') return;
    throw error;
  }
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
