import { describe, expect, it } from 'vitest';
import { allToggled, nothingChosen, toggled, withoutGone } from '../../../web/src/fleet/selection.ts';

const shown = ['a', 'b', 'c', 'd', 'e'];
const idsOf = ({ ids }: { readonly ids: ReadonlySet<string> }): readonly string[] => [...ids].toSorted();

describe('choosing units', () => {
  it('chooses one, and lets it go', () => {
    const one = toggled(nothingChosen, 'b', { shift: false, shown });
    expect(idsOf(one)).toEqual(['b']);
    expect(idsOf(toggled(one, 'b', { shift: false, shown }))).toEqual([]);
  });

  it('chooses with Shift all from the last one, up or down', () => {
    const from = toggled(nothingChosen, 'd', { shift: false, shown });
    expect(idsOf(toggled(from, 'b', { shift: true, shown }))).toEqual(['b', 'c', 'd']);
    expect(idsOf(toggled(from, 'e', { shift: true, shown }))).toEqual(['d', 'e']);
  });

  it('chooses with Shift one alone where the last one is not shown', () => {
    const from = toggled(nothingChosen, 'x', { shift: false, shown: ['x'] });
    expect(idsOf(toggled(from, 'c', { shift: true, shown }))).toEqual(['c', 'x']);
  });

  it('chooses all that are shown and keeps the others, and lets only those go', () => {
    const other = toggled(nothingChosen, 'x', { shift: false, shown });
    const all = allToggled(other, ['a', 'b']);
    expect(idsOf(all)).toEqual(['a', 'b', 'x']);
    expect(idsOf(allToggled(all, ['a', 'b']))).toEqual(['x']);
  });

  it('forgets units that are gone, and is the same where none is', () => {
    const all = allToggled(nothingChosen, shown);
    expect(idsOf(withoutGone(all, new Map([['a', 1]])))).toEqual(['a']);
    expect(withoutGone(all, new Map(shown.map((id) => [id, 1])))).toBe(all);
  });
});
