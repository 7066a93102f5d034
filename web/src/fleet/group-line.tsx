import type { JSX } from 'preact';
import { count } from '../format/quantities.ts';
import { wish } from './fleet-state.ts';
import type { Line } from './groups.ts';

interface GroupLineProps {
  readonly line: Line & { readonly type: 'group' };
  readonly index: number;
  readonly top: string;
}

/** The heading of units that share a tag's value. */
export function GroupLine({ line, index, top }: GroupLineProps): JSX.Element {
  const name = wish.value.group ?? '';
  return (
    <div role="row" class="fleet-group" style={{ top }} aria-rowindex={index + 2}>
      <div role="gridcell" aria-colspan={11}>
        <strong>{line.value === undefined ? `without ${name}` : `${name} = ${line.value}`}</strong>{' '}
        <span class="quiet">
          {count(line.count)} {line.count === 1 ? 'unit' : 'units'}
          {line.away > 0 && `, ${count(line.away)} not online`}
        </span>
      </div>
    </div>
  );
}
