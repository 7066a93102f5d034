/** What happened to a unit, as the store keeps it: a line of the log without its level. */
export interface UnitEventRecord {
  readonly clientId: string;
  /** Milliseconds since 1970, UTC, by the server's clock. */
  readonly timeMs: number;
  /** As in the log: `registered`, `lost`, `disconnected`, `interval-wanted`, `interval-confirmed` … */
  readonly event: string;
  /** The other fields of the line, without `unit` and `client_id`. */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}
