import type { Labels } from './label-text.ts';

/** The tags of a unit as labels, `tag_` and the name in small letters with `_` for what a label's name cannot have. Of names that then are one, the later have a number behind them. */
export function tagLabels(tags: Readonly<Record<string, string>>): Labels {
  const labels = new Map<string, string>();
  for (const name of Object.keys(tags).toSorted()) {
    const plain = `tag_${name.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_')}`;
    let label = plain;
    for (let number = 2; labels.has(label); number += 1) label = `${plain}_${number}`;
    labels.set(label, tags[name] ?? '');
  }
  return [...labels];
}
