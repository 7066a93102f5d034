import { posix, win32 } from 'node:path';
import type { Place } from './kind.ts';

/** Relative paths that are written in `folder`. */
export function placeIn(folder: string, platform: string): Place {
  const paths = platform === 'win32' ? win32 : posix;
  return { resolvePath: (path) => paths.resolve(folder, path) };
}
