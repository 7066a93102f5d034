import { fileURLToPath } from 'node:url';

/** Where `npm run build:web` puts the dashboard: the same for programs that run from `src/` and from `dist/`. */
export const pageFolder = fileURLToPath(new URL('../../dist/web', import.meta.url));
