import type { TimeSpan } from './view-range.ts';

/** `bench-03_20261121T1000Z_20261121T1100Z.csv`: of characters that every file system takes, and short enough for each. */
export function fileName(unit: string, { fromMs, toMs }: TimeSpan, ending: string): string {
  const name = unit.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[-.]+|[-.]+$/g, '');
  return `${name === '' ? 'unit' : name.slice(0, 48)}_${stamp(fromMs)}_${stamp(toMs)}.${ending}`;
}

function stamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replaceAll(/[-:]/g, '')}Z`;
}
