import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Smaller ones fit into one packet as they are. */
const bytesMin = 1_024;
const assets = fileURLToPath(new URL('../dist/web/assets', import.meta.url));

/** Lays a `.br` and a `.gz` beside each script and style sheet of the built page, as small as they get: the server sends them as they are. */
for (const name of readdirSync(assets)) {
  const path = join(assets, name);
  if (!/\.(?:js|css)$/.test(name)) continue;
  const content = readFileSync(path);
  if (content.length < bytesMin) continue;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
  writeFileSync(`${path}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
}
