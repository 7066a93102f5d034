/** A sensor and id of the unit: what the answer calls a series. */
export interface SeriesName {
  readonly sensor: string;
  readonly id: string | undefined;
}

/** A text that no other sensor and id has. */
export function nameOf({ sensor, id }: SeriesName): string {
  return id === undefined ? sensor : `${sensor} ${id}`;
}
