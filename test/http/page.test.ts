import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeCertificate } from '../../src/app/certificate/make-certificate.ts';
import { call } from './call.ts';
import { serve, startMs } from './fake-hub.ts';
import { rawRequest } from './raw-request.ts';

const index = '<!doctype html><script type="module" src="./assets/index-CIJE9SpH.js"></script>';
const script = `console.log(${JSON.stringify('x'.repeat(3_000))});`;
const scriptPath = '/assets/index-CIJE9SpH.js';

const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const otherPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** A page as the build makes it, in a folder beside which there is a secret; it goes with the test. */
function builtPage(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'telemetry-page-')));
  onTestFinished(() => rmSync(top, { recursive: true }));
  const folder = join(top, 'web');
  const all = {
    '../secret.js': 'secret',
    'index.html': index,
    'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'assets/index-CIJE9SpH.js': script,
    'assets/index-DanQlSXi.css': 'body{margin:0}',
    'other.txt': 'secret',
    ...files,
  };
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** As fetch gives it: decompressed; so with the bytes as they came. */
async function bytesOf(
  url: string,
  accepted: string,
): Promise<{ readonly encoding: string | null; readonly bytes: Buffer }> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const { request } = await import('node:http');
  let encoding: string | null = null;
  const asked = request(url, { agent: false, headers: { 'accept-encoding': accepted } }, (response) => {
    encoding = response.headers['content-encoding'] ?? null;
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part)).on('end', () => resolve(Buffer.concat(parts)));
  });
  asked.on('error', reject).end();
  return { bytes: await promise, encoding };
}

describe('the page', () => {
  test('is at /, with a policy of its own, and is asked for anew each time', async () => {
    await using api = await serve({ pageFolder: builtPage() });
    const { status, headers, body } = await call(`${api.url}/`);
    expect([status, body]).toEqual([200, index]);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': pagePolicy,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'content-length': String(index.length),
    });
  });

  test('has its scripts and styles under names that are kept for a year', async () => {
    await using api = await serve({ pageFolder: builtPage() });
    const { status, headers, body } = await call(api.url + scriptPath);
    expect([status, body]).toEqual([200, script]);
    expect(headers).toMatchObject({
      'content-type': 'application/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': otherPolicy,
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
    });
    const style = await call(`${api.url}/assets/index-DanQlSXi.css`);
    expect([style.status, style.headers['content-type']]).toEqual([200, 'text/css; charset=utf-8']);
  });

  test('has an icon', async () => {
    await using api = await serve({ pageFolder: builtPage() });
    const { status, headers } = await call(`${api.url}/icon.svg`);
    expect([status, headers['content-type']]).toEqual([200, 'image/svg+xml']);
    expect(headers).toMatchObject({ 'cache-control': 'no-cache', 'content-security-policy': otherPolicy });
  });

  test.for(['/', '/icon.svg', scriptPath])('answers HEAD %s as GET, without the body', async (path) => {
    await using api = await serve({ pageFolder: builtPage() });
    const [get, head] = [await call(api.url + path), await call(api.url + path, { method: 'HEAD' })];
    expect([head.status, head.body]).toEqual([200, '']);
    const { date: _, ...rest } = get.headers;
    expect(head.headers).toMatchObject(rest);
  });

  test.for(['/', '/icon.svg', scriptPath])('is not sent again where it is known: %s', async (path) => {
    await using api = await serve({ pageFolder: builtPage() });
    const { etag = '', ...headers } = (await call(api.url + path)).headers;
    for (const known of [etag, `"other", ${etag}`]) {
      const again = await call(api.url + path, { headers: { 'if-none-match': known } });
      expect([again.status, again.body, again.headers.etag]).toEqual([304, '', etag]);
      expect(again.headers['cache-control']).toBe(headers['cache-control']);
      expect(again.headers['content-security-policy']).toBe(headers['content-security-policy']);
    }
    expect((await call(api.url + path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  test('that was built anew is another one, though it has its former size and date', async () => {
    const folder = builtPage();
    await using api = await serve({ pageFolder: folder });
    // As packages have it.
    const date = new Date('1985-10-26T08:15:00Z');
    utimesSync(join(folder, 'index.html'), date, date);
    const { etag = '' } = (await call(`${api.url}/`)).headers;
    writeFileSync(join(folder, 'index.html'), index.replace('CIJE9SpH', 'AAAAAAAA'));
    utimesSync(join(folder, 'index.html'), date, date);
    const { status, body } = await call(`${api.url}/`, { headers: { 'if-none-match': etag } });
    expect([status, body]).toEqual([200, index.replace('CIJE9SpH', 'AAAAAAAA')]);
  });

  test.for([
    ['if-match', '"other"', 200],
    ['if-unmodified-since', 'Sat, 26 Oct 1985 08:15:00 GMT', 200],
    ['range', 'bytes=999999-', 200],
    ['range', 'bytes=0-1', 200],
  ] as const)('is sent whole, whatever %s: %s asks for', async ([name, value, status]) => {
    await using api = await serve({ pageFolder: builtPage() });
    const answer = await call(api.url + scriptPath, { headers: { [name]: value } });
    expect([answer.status, answer.body]).toEqual([status, script]);
    expect(api.logged).toEqual([]);
  });

  test('is for whoever has to log in still', async () => {
    await using api = await serve({ pageFolder: builtPage(), login: 'always', host: '0.0.0.0' });
    for (const path of ['/', '/icon.svg', scriptPath]) expect((await call(api.url + path)).status).toBe(200);
    expect((await call(`${api.url}/api/v1/units`)).status).toBe(401);
  });

  test('is not served under the name of another machine', async () => {
    await using api = await serve({ pageFolder: builtPage() });
    for (const path of ['/', scriptPath]) {
      const { status, problem } = await call(api.url + path, { headers: { host: 'attacker.example' } });
      expect([status, problem]).toEqual([403, 'forbidden-host']);
    }
  });

  test('over TLS says that it comes by TLS alone', async () => {
    const tls = await makeCertificate('hub', startMs);
    await using api = await serve({ pageFolder: builtPage(), tls, host: '0.0.0.0' });
    const { status, headers } = await call(`${api.url}/`, { ca: tls.certificate });
    expect([status, headers['strict-transport-security']]).toEqual([200, 'max-age=31536000']);
    expect(headers['content-security-policy']).toBe(pagePolicy);
  });

  test('takes GET and HEAD alone', async () => {
    await using api = await serve({ pageFolder: builtPage() });
    for (const path of ['/', '/icon.svg', scriptPath]) {
      const { problem, headers } = await call(api.url + path, { method: 'POST' });
      expect([problem, headers.allow]).toEqual(['method-not-allowed', 'GET, HEAD']);
    }
  });

  test('leaves the rest of the server with the strict policy', async () => {
    await using api = await serve({ pageFolder: builtPage() });
    for (const path of ['/livez', '/api/v1/units', '/nothing', '/assets/nothing.js']) {
      const { headers } = await call(api.url + path);
      expect([path, headers['content-security-policy']]).toEqual([path, otherPolicy]);
      expect(headers['cache-control']).toBe('no-store');
    }
  });
});

describe('compressed files beside a script', () => {
  const [brotli, gzip] = [brotliCompressSync(script), gzipSync(script)];
  const compressed = { 'assets/index-CIJE9SpH.js.br': brotli, 'assets/index-CIJE9SpH.js.gz': gzip };

  test('are sent to who takes them, the smallest first', async () => {
    await using api = await serve({ pageFolder: builtPage(compressed) });
    const url = api.url + scriptPath;
    const first = await bytesOf(url, 'gzip, deflate, br, zstd');
    expect([first.encoding, brotliDecompressSync(first.bytes).toString()]).toEqual(['br', script]);
    const second = await bytesOf(url, 'gzip');
    expect([second.encoding, gunzipSync(second.bytes).toString()]).toEqual(['gzip', script]);
    const third = await bytesOf(url, 'br;q=0, identity');
    expect([third.encoding, third.bytes.toString()]).toEqual([null, script]);
  });

  test('are scripts, and caches keep them apart', async () => {
    await using api = await serve({ pageFolder: builtPage(compressed) });
    const answers = ['br', 'gzip', 'identity'].map((encoding) =>
      call(api.url + scriptPath, { method: 'HEAD', headers: { 'accept-encoding': encoding } }),
    );
    const headers = (await Promise.all(answers)).map((answer) => answer.headers);
    for (const one of headers) {
      expect(one).toMatchObject({ 'content-type': 'application/javascript; charset=utf-8', vary: 'accept-encoding' });
      expect(one['cache-control']).toBe('public, max-age=31536000, immutable');
    }
    expect(new Set(headers.map(({ etag }) => etag)).size).toBe(3);
  });

  test('need not be there', async () => {
    await using api = await serve({ pageFolder: builtPage() });
    const { encoding, bytes } = await bytesOf(api.url + scriptPath, 'gzip, deflate, br');
    expect([encoding, bytes.toString()]).toEqual([null, script]);
  });
});

describe('what is no file of the page', () => {
  test.for([
    '/secret.js',
    '/other.txt',
    '/index.html',
    '/assets',
    '/assets/',
    '/assets/nothing.js',
    '/assets/.hidden.js',
    '/assets/index',
    '/assets/folder.js',
    '/assets/%2fetc%2fpasswd',
    '/assets/folder.js%2finner.js',
    '/assets/folder.js/inner.js',
    '/assets/..%5csecret.js',
    '/assets/%00.js',
    '/assets//index-CIJE9SpH.js',
    '//assets/index-CIJE9SpH.js',
    '/ASSETS/index-CIJE9SpH.js',
    '/assets/./index-CIJE9SpH.js',
    '/assets/../secret.js',
    '/assets/../../secret.js',
    '/../secret.js',
    '/%2e%2e/secret.js',
    '/assets/%2e%2e/%2e%2e/secret.js',
    '/assets/%252e%252e%252fsecret.js',
    '/assets/..%2f..%2fsecret.js',
  ])('%s is not there', async (path) => {
    const folder = builtPage({ 'assets/.hidden.js': 'secret', 'assets/folder.js/inner.js': 'secret' });
    await using api = await serve({ pageFolder: folder });
    const answer = await rawRequest(api.port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(answer).toContain('urn:telemetry-hub:problem:no-such-route');
    expect(answer).not.toContain('secret"');
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  });

  test('is not there under the path that it has on the disk', async () => {
    const folder = builtPage();
    await using api = await serve({ pageFolder: folder });
    for (const path of [join(folder, '../secret.js'), `/assets/${encodeURIComponent(join(folder, '../secret.js'))}`])
      expect((await call(api.url + path)).status).toBe(404);
  });

  test('is told to a browser as to everybody', async () => {
    await using api = await serve({ pageFolder: builtPage() });
    const { status, problem, headers } = await call(`${api.url}/fleet`, { headers: { accept: 'text/html' } });
    expect([status, problem, headers['content-type']]).toEqual([
      404,
      'no-such-route',
      'application/problem+json; charset=utf-8',
    ]);
  });

  test.for(['assets/index-LINKED.js', 'icon.svg', 'index.html'])('is a link out of the folder: %s', async (name) => {
    const folder = builtPage();
    rmSync(join(folder, name), { force: true });
    symlinkSync(join(folder, '../secret.js'), join(folder, name));
    await using api = await serve({ pageFolder: folder });
    const { status, body } = await call(`${api.url}/${name === 'index.html' ? '' : name}`);
    expect(status).toBe(404);
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  test('is a folder of assets that is a link', async () => {
    const folder = builtPage({ '../elsewhere/index-LINKED.js': 'secret' });
    rmSync(join(folder, 'assets'), { recursive: true });
    symlinkSync(join(folder, '../elsewhere'), join(folder, 'assets'));
    await using api = await serve({ pageFolder: folder });
    expect((await call(`${api.url}/assets/index-LINKED.js`)).problem).toBe('no-such-route');
  });

  test('is a compressed form that is a link, which the log is told', async () => {
    const folder = builtPage();
    symlinkSync(join(folder, '../secret.js'), join(folder, 'assets/index-CIJE9SpH.js.br'));
    await using api = await serve({ pageFolder: folder });
    const { status, body } = await call(api.url + scriptPath, { headers: { 'accept-encoding': 'br' } });
    expect([status, JSON.stringify(body).includes('"secret"')]).toEqual([500, false]);
    expect(api.logged).toMatchObject([
      { event: 'http-failed', fields: { reason: expect.stringContaining('is no plain file of the page') } },
    ]);
    expect((await call(api.url + scriptPath)).body).toBe(script);
  });
});

describe('a page', () => {
  test('in a folder that is itself reached by a link is served', async () => {
    const folder = builtPage();
    const link = join(folder, '../linked');
    symlinkSync(folder, link);
    await using api = await serve({ pageFolder: link });
    expect((await call(`${api.url}/`)).body).toBe(index);
    expect((await call(api.url + scriptPath)).body).toBe(script);
  });

  test.for(['no folder', 'no index.html', 'a file for a folder'])(
    'of which there is %s is said how to build',
    async (what) => {
      const folder = builtPage();
      const at = { 'no folder': 'nowhere', 'no index.html': 'assets', 'a file for a folder': 'index.html' }[what] ?? '';
      await using api = await serve({ pageFolder: join(folder, at) });
      const { status, problem, body, headers } = await call(`${api.url}/`);
      expect([status, problem]).toEqual([404, 'page-missing']);
      expect(body).toMatchObject({ detail: expect.stringContaining('npm run build:web') });
      expect(headers['content-security-policy']).toBe(otherPolicy);
      expect((await call(api.url + scriptPath)).problem).toBe('no-such-route');
      expect((await call(`${api.url}/icon.svg`)).problem).toBe('no-such-route');
      expect((await call(`${api.url}/livez`)).status).toBe(200);
      expect(api.logged).toEqual([]);
    },
  );

  test('that is built while the server runs is there', async () => {
    const folder = builtPage();
    rmSync(join(folder, 'index.html'));
    await using api = await serve({ pageFolder: folder });
    expect((await call(`${api.url}/`)).problem).toBe('page-missing');
    writeFileSync(join(folder, 'index.html'), index);
    expect((await call(`${api.url}/`)).status).toBe(200);
  });
});
