import { execFileSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openMachineKey, type MachineKey } from '../../src/client/machine-key.ts';
import { CodedError } from '../../src/core/coded-error.ts';
import { signedText } from '../../src/session/proof.ts';

const challenge = { nonce: 'n'.repeat(43), registration: '{"name":"b\u00fcro"}', binding: '-' };

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-key-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

let drawn = 0;

function open(folder: string, use = () => crypto): MachineKey {
  drawn += 1;
  return openMachineKey({ folder, crypto: use, drawHex: () => String(drawn).padStart(8, '0') });
}

/** What stands before the raw key in its DER form (RFC 8410). */
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');

function isSigned(publicKey: string, signature: string, text: string): boolean {
  const key = crypto.createPublicKey({
    key: Buffer.concat([spkiHead, Buffer.from(publicKey, 'base64url')]),
    format: 'der',
    type: 'spki',
  });
  return crypto.verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
}

test('a key is made once, for its user alone, and is the same after a restart', () => {
  const folder = newFolder();
  const first = open(folder);
  expect(first.isMissing).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
  const publicKey = first.make();
  expect(first.isMissing).toBe(false);
  expect(publicKey).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(readdirSync(folder)).toEqual(['machine-key.pem']);
  expect(statSync(join(folder, 'machine-key.pem')).mode & 0o777).toBe(0o600);
  const second = open(folder);
  expect(second.isMissing).toBe(false);
  expect(second.make()).toBe(publicKey);
  expect(second.prove(challenge).publicKey).toBe(publicKey);
});

test('what it signs is the nonce, the digest of the registration and the binding, each of which counts', () => {
  const { publicKey, signature, token } = open(newFolder()).prove(challenge, 'a-token');
  expect(token).toBe('a-token');
  const digest = (text: string): string => crypto.createHash('sha256').update(text).digest('base64url');
  expect(isSigned(publicKey, signature, signedText(challenge, digest))).toBe(true);
  const written = `telemetry-auth-v2\n${challenge.nonce}\n${digest(challenge.registration)}\n-`;
  expect(isSigned(publicKey, signature, written)).toBe(true);
  for (const other of [{ nonce: 'm'.repeat(43) }, { registration: '{}' }, { binding: 'b'.repeat(43) }]) {
    expect(isSigned(publicKey, signature, signedText({ ...challenge, ...other }, digest))).toBe(false);
  }
});

test('node:crypto is not asked for before the key is made or used', () => {
  const folder = newFolder();
  open(folder).make();
  let uses = 0;
  const counting = (): typeof crypto => {
    uses += 1;
    return crypto;
  };
  const key = open(folder, counting);
  expect(uses).toBe(0);
  key.prove(challenge);
  expect(uses).toBeGreaterThan(0);
});

test('a key that OpenSSL has made is one', () => {
  const folder = newFolder();
  const path = join(folder, 'machine-key.pem');
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', path]);
  chmodSync(path, 0o600);
  expect(open(folder).prove(challenge).publicKey).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

/** The words of the error that the file is refused with; it has to be as it was. */
function refusal(content: string | Uint8Array, mode = 0o600): string {
  const folder = newFolder();
  const path = join(folder, 'machine-key.pem');
  writeFileSync(path, content);
  chmodSync(path, mode);
  try {
    open(folder);
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'key-unusable') throw error;
    expect(error.exitCode).toBe(1);
    expect(readFileSync(path)).toEqual(Buffer.from(content));
    expect(readdirSync(folder)).toEqual(['machine-key.pem']);
    return error.message.replace(path, 'FILE');
  }
  throw new Error('it was not refused');
}

const right = crypto.generateKeyPairSync('ed25519', {
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey;
const other = crypto.generateKeyPairSync('x25519', {
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey;

test.each([
  ['of nothing', ''],
  ['of half a key', right.slice(0, 60)],
  ['of other bytes', new Uint8Array(119)],
  ['of a key for another purpose', other],
  ['of a key and more', `${right}${right}`],
  ['without end', right.padEnd(2_000, '\n')],
])('a file %s is refused and left as it is', (_name, content) => {
  expect(refusal(content)).toMatch(
    /^FILE, the key that this machine is known by: it holds no Ed25519 key in PEM; put the file back/,
  );
});

test.each([0o640, 0o604, 0o620, 0o601])(
  'a file of mode %o is refused, since others than its user have a right to it',
  (mode) => {
    expect(refusal(right, mode)).toContain('users other than its own may read it; chmod 600 it');
  },
);

test('a folder in the place of the file is refused', () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'machine-key.pem'));
  expect(() => open(folder)).toThrow(/machine-key\.pem, the key .*: it is no file/);
});

test('a key that cannot be written is an error, and nothing is signed with it', () => {
  const key = open(join(newFolder(), 'none'));
  expect(() => key.make()).toThrow(/it cannot be written \(ENOENT\)/);
  expect(() => key.prove(challenge)).toThrow(/it cannot be written \(ENOENT\)/);
  expect(key.isMissing).toBe(true);
});

test('of two that make a key at a time, both have the one that was there first', () => {
  const folder = newFolder();
  const [one, two] = [open(folder), open(folder)];
  const publicKey = one.make();
  expect(two.isMissing).toBe(true);
  expect(two.make()).toBe(publicKey);
  expect(readdirSync(folder)).toEqual(['machine-key.pem']);
});
