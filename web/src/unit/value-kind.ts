/** In what a value is measured, as far as its name on the wire tells (format/quantities.ts writes it). */
export type ValueKind = 'celsius' | 'ratio' | 'bytes' | 'plain';

const byteNames = new Set(['used', 'available', 'total', 'swap_used', 'swap_total']);

export function valueKind(name: string): ValueKind {
  if (name === 'celsius' || name.endsWith('_celsius')) return 'celsius';
  if (name === 'utilisation' || name.endsWith('_ratio')) return 'ratio';
  if (byteNames.has(name) || name.endsWith('_bytes')) return 'bytes';
  return 'plain';
}
