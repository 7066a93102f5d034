import { readFileSync, statSync } from 'node:fs';
import { CodedError } from '../../core/coded-error.ts';
import { systemErrorCode } from '../../core/system-error.ts';
import { openOwnCertificate, type OwnCertificateOptions } from './own-certificate.ts';
import { checkCertificate, unusable, type ServerCertificate } from './server-certificate.ts';

/** Chains have a few certificates of 2 KiB each; what is larger is another file. */
const bytesMax = 1_048_576;

export interface OpenCertificateOptions extends OwnCertificateOptions {
  /** The user's files, in PEM; undefined: the server has its own in `folder`, made at its first start. */
  readonly given: { readonly certificate: string; readonly key: string } | undefined;
}

/** The certificate that the server shows. Rejects with a CodedError `tls-unusable` where it cannot be used; nothing is then made or changed. */
export async function openCertificate({ given, ...own }: OpenCertificateOptions): Promise<ServerCertificate> {
  if (given === undefined) return openOwnCertificate(own);
  return checkCertificate({
    certificate: read(given.certificate, 'tls.certificate'),
    key: read(given.key, 'tls.key'),
    certificateFile: given.certificate,
    keyFile: given.key,
  });
}

/** `setting` names the file. */
function read(file: string, setting: string): string {
  try {
    if (statSync(file).size > bytesMax) throw unusable(`${file}: it is over 1 MiB; give a file in PEM (${setting})`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof CodedError) throw error;
    const code = systemErrorCode(error);
    switch (code) {
      case 'ENOENT':
        throw unusable(`${file}: there is no such file; see what ${setting} says`, error);
      case 'EACCES':
        throw unusable(
          `${file}: this user may not read it; give the user of the server the right to (${setting})`,
          error,
        );
      default:
        throw unusable(`${file}: it cannot be read (${code ?? 'unknown error'}); see what ${setting} says`, error);
    }
  }
}
