/** What a directory of units must tell, so that a registration finds its unit. */
export interface KnownUnit {
  readonly clientId: string;
  /** The name that it asked for, which it may not have got. */
  readonly askedName: string;
  /** The address from which it last registered. */
  readonly address: string;
  readonly lastSeenMs: number;
}

export interface IdentityRequest {
  readonly id: string | undefined;
  readonly name: string;
  readonly address: string;
}

/**
 * Who registers (protocol 3): the unit of a known `id`; without one, the unit that asked for this name from the same address, the one seen last;
 * undefined for a new unit. An unknown `id` is ignored.
 */
export function identify<Unit extends KnownUnit>(
  { id, name, address }: IdentityRequest,
  directory: { byId(clientId: string): Unit | undefined; byAskedName(name: string): Iterable<Unit> },
): Unit | undefined {
  const known = id === undefined ? undefined : directory.byId(id);
  if (known !== undefined) return known;
  return [...directory.byAskedName(name)]
    .filter((unit) => unit.address === address)
    .toSorted((a, b) => b.lastSeenMs - a.lastSeenMs)[0];
}

/** `name`, or `name-2`, `name-3` … where that is taken. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name;
  let number = 2;
  while (isTaken(`${name}-${number}`)) number += 1;
  return `${name}-${number}`;
}
