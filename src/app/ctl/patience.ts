/** How long telemetryctl waits and how often it tries. A test may be less patient. */
export interface Patience {
  readonly callMsMax: number;
  readonly retries: number;
  readonly retryFirstMs: number;
  readonly reconnectFirstMs: number;
  readonly reconnectMsMax: number;
  readonly silenceMsMax: number;
  readonly pollFirstMs: number;
  readonly pollMsMax: number;
}

export const patience: Patience = {
  /** The server itself answers within 10 s, with 503 if need be. */
  callMsMax: 15_000,
  /** Waits of 0.2, 0.4, 0.8 and 1.6 s: as long as a server takes to start again, and not so long that a wrong --api goes unnoticed. */
  retries: 4,
  retryFirstMs: 200,
  /** `tail` follows for ever; a server that is away is asked again at least this often. */
  reconnectFirstMs: 500,
  reconnectMsMax: 10_000,
  /** Three heartbeats of the stream, docs/api.md. */
  silenceMsMax: 45_000,
  /** Units confirm within a round trip, or after the resending at 5 s. */
  pollFirstMs: 100,
  pollMsMax: 1_000,
};
