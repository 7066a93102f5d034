/** What one reader of the event stream asked for; undefined: all. */
export interface EventFilter {
  /** A unit's name or `client_id`. */
  readonly unit: string | undefined;
  readonly events: ReadonlySet<string> | undefined;
}

export interface EventQuery {
  readonly unit?: string;
  /** Names, separated by commas. */
  readonly events?: string;
}

export function filterOf({ unit, events }: EventQuery): EventFilter {
  return { unit, events: events === undefined ? undefined : new Set(events.split(',')) };
}

export function takesAll({ unit, events }: EventFilter): boolean {
  return unit === undefined && events === undefined;
}

/** An event that names no unit is for those who asked for no unit. */
export function takes(
  filter: EventFilter,
  name: string,
  unit: { readonly name: unknown; readonly clientId: unknown },
): boolean {
  if (filter.events !== undefined && !filter.events.has(name)) return false;
  return filter.unit === undefined || filter.unit === unit.name || filter.unit === unit.clientId;
}
