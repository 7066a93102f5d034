import { join } from 'node:path';

/** Where the store lies in the server's data folder. */
export function storeFolder(dataDir: string): string {
  return join(dataDir, 'store');
}
