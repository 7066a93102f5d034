/** Which units are chosen, and from where Shift chooses on. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly anchor: string | undefined;
}

export const nothingChosen: Selection = { ids: new Set(), anchor: undefined };

/** Chooses one, or lets it go. With Shift: all from the last one up to it, in the order that is shown. */
export function toggled(
  { ids, anchor }: Selection,
  clientId: string,
  { shift, shown }: { readonly shift: boolean; readonly shown: readonly string[] },
): Selection {
  const next = new Set(ids);
  const isChosen = !ids.has(clientId);
  const range = shift && anchor !== undefined ? between(shown, anchor, clientId) : [clientId];
  for (const id of range) {
    if (isChosen) next.add(id);
    else next.delete(id);
  }
  return { ids: next, anchor: clientId };
}

/** All that are shown; or none of them, where all of them are chosen. */
export function allToggled({ ids }: Selection, shown: readonly string[]): Selection {
  const next = new Set(ids);
  const areAll = shown.every((id) => ids.has(id));
  for (const id of shown) {
    if (areAll) next.delete(id);
    else next.add(id);
  }
  return { ids: next, anchor: undefined };
}

/** Without the units that are there no more. The same where nothing is to be left out. */
export function withoutGone(selection: Selection, rows: ReadonlyMap<string, unknown>): Selection {
  const left = [...selection.ids].filter((id) => rows.has(id));
  return left.length === selection.ids.size ? selection : { ids: new Set(left), anchor: selection.anchor };
}

function between(shown: readonly string[], one: string, other: string): readonly string[] {
  const [from, to] = [shown.indexOf(one), shown.indexOf(other)].toSorted((first, second) => first - second);
  if (from === undefined || to === undefined || from < 0) return [other];
  return shown.slice(from, to + 1);
}
