import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { CodedError } from '../core/coded-error.ts';

/** Of scrypt (RFC 7914): N is 2 to the power of `logN`. */
export interface PasswordCost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/**
 * 32 MiB and some 160 ms of one core. By OWASP's page on storing passwords p = 3 at this N is as strong as N = 2^17 with p = 1, and takes a quarter of the memory, which
 * matters where a stranger can make the server do it.
 */
export const passwordCost: PasswordCost = { logN: 15, r: 8, p: 3 };

const charactersMin = 12;
const bytesMax = 256;
const keyBytes = 32;
const saltBytes = 16;
const written = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/;

/** Throws CodedError `bad-account` where this cannot be the password of that account. */
export function checkPassword(password: string, name: string): void {
  const fault = faultOf(password.normalize('NFKC'), name);
  if (fault !== undefined) throw new CodedError('bad-account', `The password of ${name} ${fault}.`, { exitCode: 2 });
}

function faultOf(password: string, name: string): string | undefined {
  // Characters as RFC 8265 counts them: code points.
  if (Array.from(password).length < charactersMin)
    return `is shorter than ${charactersMin} characters; a few words are easy to keep in mind`;
  if (Buffer.byteLength(password) > bytesMax) return `is longer than ${bytesMax} bytes; choose a shorter one`;
  if (password.toLowerCase() === name.toLowerCase()) return "is the account's name; choose another";
  return undefined;
}

/** The password as it is kept: parameters, salt and key in one text. */
export async function hashPassword(password: string, cost: PasswordCost): Promise<string> {
  const salt = randomBytes(saltBytes);
  const key = await derive(password, salt, cost);
  return `$scrypt$ln=${cost.logN},r=${cost.r},p=${cost.p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/** Whether this is the password, in a time that tells nothing of where it differs. */
export async function isPassword(password: string, kept: string): Promise<boolean> {
  const [, logN, r, p, salt = '', key = ''] = written.exec(kept) ?? [];
  if (logN === undefined) throw new Error('a password is not kept in its form');
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64url'), cost), Buffer.from(key, 'base64url'));
}

/** What takes as long as a check of the password of an account that there is. */
export async function checkNothing(password: string, cost: PasswordCost): Promise<void> {
  await derive(password, Buffer.alloc(saltBytes), cost);
}

function derive(password: string, salt: Buffer, { logN, r, p }: PasswordCost): Promise<Buffer> {
  // Keyboards differ in how they compose an é. What is longer than any password may be is not worth the work.
  const text = password.normalize('NFKC').slice(0, bytesMax + 1);
  const N = 2 ** logN;
  return new Promise((resolve, reject) => {
    scrypt(text, salt, keyBytes, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
