import { fileURLToPath } from 'node:url';

/** Where `npm run build:web` puts the dashboard: the same from here and from `dist/bin` (tools/bundle.ts). */
export const pageFolder = fileURLToPath(new URL('../../dist/web', import.meta.url));
