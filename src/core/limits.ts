/** Every limit of the program, with where it comes from. "protocol 3" is section 3 of docs/protocol.md. */
export const limits = {
  /** protocol 1 */
  headerBytes: 16,
  bodyBytesMin: 5,
  bodyBytesMax: 240,
  dataBytesMax: 235,
  frameBytesMax: 256,
  frameMsMax: 30_000,

  /** protocol 3 */
  nameBytesMax: 48,
  clientIdBytesMax: 24,
  registrationFailuresMax: 3,
  registrationMsMax: 10_000,
  successMsMax: 15_000,
  acknowledgementMsMax: 30_000,
  reconnectFirstMs: 500,
  reconnectMsMax: 30_000,
  pendingRetryMs: 60_000,

  /** protocol 4 */
  sensorNameBytesMax: 32,
  sourceBytesMax: 48,
  valuesMax: 16,
  unansweredMax: 256,

  /** protocol 5 */
  intervalSecondsMin: 0.1,
  intervalSecondsMax: 86_400,
  resendFirstMs: 5_000,
  resendMs: 10_000,
  resendTcpFrom: 3,
  resendV1Max: 3,
  confirmMsMin: 1_000,
  v1QuietMs: 1_000,

  /** protocol 6 */
  proofMsMax: 10_000,

  /** protocol 8 */
  discardMsMax: 1_000,
  disconnectResendMs: 10_000,
  disconnectMsMax: 25_000,
  lateIntervals: 1.5,
  lateMsMin: 5_000,
  lostIntervals: 3,
  lostMsMin: 15_000,

  /** A second dial is not worth waiting longer for than an answer is. */
  connectMsMax: 15_000,
  /** Longer than a client waits for `!SUCC`: by then it has gone. */
  registeringMsMax: 30_000,
  /** A wake that comes later than this was held up by the server itself, and the silence before it proves nothing. */
  wakeLateMsMax: 250,
  /** Revisions of the interval that a side remembers while their confirmation may still arrive. */
  revisionsKeptMax: 16,
  /** Series whose newest reading a unit shows; more are stored but not shown. */
  latestSeriesMax: 1_024,
  /** Gaps that are kept of a unit; the oldest that have ended go first. A link that breaks every hour has a fortnight of them. */
  gapsAUnitMax: 336,
  /** Of a unit, the newest stretches without readings that a backlog may still fill: a link that breaks while one arrives makes another. */
  fillableGapsMax: 8,
  /** What happened to a unit; the oldest go first. A link that breaks every hour has a fortnight of them, three events a time. */
  eventsAUnitMax: 1_024,
  /** Tags of a unit. They are sent with each row of the dashboard. */
  tagsMax: 16,
  tagNameCharactersMax: 32,
  tagValueCharactersMax: 64,
  /** Sensors and ids of a unit whose absence is noticed; of more only the first. */
  watchedSeriesMax: 256,
  /** Readings waiting for the commit before the server stops reading from sockets. */
  intakeReadingsMax: 65_536,
  /** Readings that the store in memory holds; the oldest go first. */
  memoryReadingsMax: 10_000,
  /** The shortest step of a history, and the shortest of its roll-ups is a minute: finer than this are the readings themselves. */
  stepMsMin: 1_000,
  /** 366 days. The longest step of a history: a year's, and more is a slip. */
  stepMsMax: 31_622_400_000,
  /** Readings that a client holds while its server is away; the oldest go first. */
  spoolReadingsMax: 100_000,
} as const;

/** What a server takes on at most: settings `limits.*`, each with its default here. Those by address do not count loopback unless `loopbackToo`. */
export interface ServerLimits {
  readonly connectionsMax: number;
  readonly connectionsPerAddressMax: number;
  /** Connections that have not registered yet, and how long one may take. */
  readonly unregisteredMax: number;
  readonly unregisteredMsMax: number;
  /** By address. */
  readonly registrationsPerMinuteMax: number;
  /** Of one unit. Beyond it its socket is not read; nothing is dropped. */
  readonly framesPerSecondMax: number;
  readonly unitsMax: number;
  /** Of one unit: pairs of sensor and id. */
  readonly seriesMax: number;
  /** Of events; `reading` lines have a bound of their own (`log-dropped`). */
  readonly logBytesPerSecondMax: number;
  readonly datagramsPerSecondMax: number;
  /** What an HTTP reader that takes nothing may have waiting for it. */
  readonly slowReaderBytesMax: number;
  /** Loopback addresses are limited like any other. */
  readonly loopbackToo: boolean;
}

export const serverLimits: ServerLimits = {
  /** Three times the largest fleet that is measured on one server (docs/benchmarks.md). */
  connectionsMax: 65_536,
  /** A large site behind one NAT. */
  connectionsPerAddressMax: 4_096,
  /** 4 KiB each: 64 MiB. */
  unregisteredMax: 16_384,
  /** protocol 3 */
  unregisteredMsMax: limits.registrationMsMax,
  /** A site of 4,096 that comes back at once, and half of it again. */
  registrationsPerMinuteMax: 6_000,
  /** A week of a default client drains in four minutes. */
  framesPerSecondMax: 5_000,
  /** 1 KiB each: 100 MiB. */
  unitsMax: 100_000,
  seriesMax: 16_384,
  /** Some 5,000 events a second. */
  logBytesPerSecondMax: 1_048_576,
  datagramsPerSecondMax: 5_000,
  /** Some 5,000 readings. */
  slowReaderBytesMax: 1_048_576,
  loopbackToo: false,
};
