import type * as Crypto from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { CodedError } from '../core/coded-error.ts';
import { reasonOf, systemErrorCode } from '../core/system-error.ts';
import { signedText, type Challenge, type Proof } from '../session/proof.ts';
import { writePrivateFile } from './private-file.ts';

export interface MachineKeyOptions {
  /** The client's state folder, which is there. */
  readonly folder: string;
  /** Called when the key is made or used for the first time: the module costs 4 MiB and 5 ms. */
  readonly crypto: () => Pick<
    typeof Crypto,
    'createHash' | 'createPrivateKey' | 'createPublicKey' | 'generateKeyPairSync' | 'sign'
  >;
  /** Random hex digits. */
  readonly drawHex: () => string;
}

/** What a machine is known by: an Ed25519 key that never leaves it (protocol 6). */
export interface MachineKey {
  /** Whether it has still to be made. */
  readonly isMissing: boolean;
  /** Makes it where it is missing; answers its public part, the raw 32 bytes, base64url. Throws CodedError `key-unusable`. */
  make(): string;
  /** Answers a server that asks for it. `token`: to join. */
  prove(challenge: Challenge, token?: string): Proof;
}

const pemForm = /^-----BEGIN PRIVATE KEY-----\r?\n([A-Za-z0-9+/]{64})\r?\n-----END PRIVATE KEY-----(?:\r?\n)*$/;
/** What PKCS 8 puts before the 32 bytes of an Ed25519 key (RFC 8410, 7). */
const headHex = '302e020100300506032b657004220420';
/** Ten times what a key has. */
const bytesMax = 1_200;

/**
 * The key in the file `machine-key.pem` of the state folder. A file that is there and is not right is never replaced, since the server knows this machine
 * by what was in it: CodedError `key-unusable`.
 */
export function openMachineKey({ folder, crypto, drawHex }: MachineKeyOptions): MachineKey {
  const path = join(folder, 'machine-key.pem');
  let pem = read(path);
  let loaded: { readonly privateKey: Crypto.KeyObject; readonly publicKey: string } | undefined;
  return {
    get isMissing() {
      return pem === undefined;
    },
    make: () => load().publicKey,
    prove(challenge, token) {
      const { privateKey, publicKey } = load();
      const { createHash, sign } = crypto();
      const text = signedText(challenge, (part) => createHash('sha256').update(part).digest('base64url'));
      return { publicKey, signature: sign(null, Buffer.from(text), privateKey).toString('base64url'), token };
    },
  };

  function load(): { readonly privateKey: Crypto.KeyObject; readonly publicKey: string } {
    if (loaded !== undefined) return loaded;
    pem ??= write(path, { crypto, drawHex });
    const { createPrivateKey, createPublicKey } = crypto();
    const privateKey = createPrivateKey(pem);
    const publicKey = createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '';
    loaded = { privateKey, publicKey };
    return loaded;
  }
}

/** Makes a key and writes it. Where another process was quicker, its key is this machine's. */
function write(path: string, { crypto, drawHex }: Pick<MachineKeyOptions, 'crypto' | 'drawHex'>): string {
  const { privateKey: pem } = crypto().generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  let isOurs: boolean;
  try {
    isOurs = writePrivateFile(path, pem, { replace: false, mark: drawHex() });
  } catch (cause) {
    const what = `it cannot be written (${systemErrorCode(cause) ?? reasonOf(cause)})`;
    throw unusable(path, `${what}; see to it that the disk has space and that this user may write there`, cause);
  }
  return isOurs ? pem : (read(path) ?? pem);
}

/** The text of a file that is right; undefined where there is none. */
function read(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    const code = systemErrorCode(cause);
    if (code === 'ENOENT') return undefined;
    throw unusable(
      path,
      `it cannot be read (${code ?? reasonOf(cause)}); give it to the user that this program runs as`,
      cause,
    );
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw unusable(path, 'it is no file; move away what is there');
    // Windows has other means, and shows everybody's right to read whatever they say.
    if (sep !== '\\' && (stat.mode & 0o077) !== 0) {
      throw unusable(
        path,
        'users other than its own may read it; chmod 600 it, or, if somebody may have read it, revoke this machine on the server, delete the file and join again',
      );
    }
    const pem = stat.size <= bytesMax ? readFileSync(file, 'utf8') : '';
    if (isKey(pem)) return pem;
  } finally {
    closeSync(file);
  }
  throw unusable(
    path,
    'it holds no Ed25519 key in PEM; put the file back from a backup, or delete it, have an operator forget this machine on the server, and join again',
  );
}

function isKey(pem: string): boolean {
  const hex = Buffer.from(pemForm.exec(pem)?.[1] ?? '', 'base64').toString('hex');
  return hex.startsWith(headHex);
}

function unusable(path: string, words: string, cause?: unknown): CodedError {
  return new CodedError('key-unusable', `${path}, the key that this machine is known by: ${words}`, { cause });
}
