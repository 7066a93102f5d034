/**
 * `list` with `item` behind it. For lists that are made thousands of times a second and nearly always hold one: a list that is made for one
 * takes a tenth of the memory of one that grows. An empty `list` is left as it is, so that a constant will do.
 */
export function append<Item>(list: Item[], item: Item): Item[] {
  if (list.length === 0) return [item];
  list.push(item);
  return list;
}

/**
 * A new list with `item` behind those of `list`, and no room for more: for lists that thousands of units keep, and that grow a few times in a unit's
 * life. `[...list, item]` has room for some twenty more.
 */
export function joined<Item>(list: readonly Item[], item: Item): readonly Item[] {
  return list.concat([item]);
}
