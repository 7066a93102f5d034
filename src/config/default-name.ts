import { limits } from '../core/limits.ts';
import { jsonBytes, unitName } from './kinds/unit-name.ts';

const markBytes = '~'.length + 8;

/**
 * The host name as a unit's name: a longer one is cut at a character and ends in `~` and the first 8 hex digits of the
 * SHA-256 of the whole (protocol 1). Empty where the host name is empty or has control characters.
 */
export async function defaultName(hostname: string): Promise<string> {
  if (hostname === '' || !hostname.isWellFormed()) return '';
  const name = jsonBytes(hostname) <= limits.nameBytesMax ? hostname : await shortened(hostname);
  return unitName.parse(name, { resolvePath: (path) => path }).ok ? name : '';
}

async function shortened(text: string): Promise<string> {
  // Loaded here because it takes longer than all else of a start, and few host names are so long.
  const { hash } = await import('node:crypto');
  let cut = '';
  let bytes = 0;
  for (const character of text) {
    bytes += jsonBytes(character);
    if (bytes > limits.nameBytesMax - markBytes) break;
    cut += character;
  }
  return `${cut}~${hash('sha256', text).slice(0, 8)}`;
}
