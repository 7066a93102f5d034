import { readFileSync } from 'node:fs';

/** The version in package.json. It lies two folders above this module and above `dist/bin` alike (tools/bundle.ts). */
export function programVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const content: unknown = JSON.parse(text);
  const version = typeof content === 'object' && content !== null && 'version' in content ? content.version : undefined;
  return typeof version === 'string' ? version : 'unknown';
}
