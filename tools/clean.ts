/** Removes `dist/`, so that a build never ships what no source makes any more. */
import { rmSync } from 'node:fs';

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
