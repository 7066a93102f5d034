/** The limits of the HTTP API, each with its reason. A test may lower them; the program does not. */
export interface HttpLimits {
  readonly bodyBytesMax: number;
  readonly headerBytesMax: number;
  readonly headersMsMax: number;
  readonly requestMsMax: number;
  readonly checkMs: number;
  readonly answerMsMax: number;
  readonly keepAliveMsMax: number;
  readonly connectionsMax: number;
  readonly streamsMax: number;
  readonly streamBufferedBytesMax: number;
  readonly streamChunkReadings: number;
  readonly queriesMax: number;
  readonly scrapesMax: number;
  readonly queryChunkCharacters: number;
  readonly queryStalledMsMax: number;
  readonly searchStepMs: number;
  readonly heartbeatMs: number;
  readonly stalledBeatsMax: number;
  readonly closeMsMax: number;
  readonly fleetBatchMs: number;
  readonly fleetSliceUnits: number;
  readonly fleetSendingMs: number;
  readonly fleetKeptMs: number;
  readonly fleetEventsMax: number;
  readonly fleetReadingsMax: number;
  readonly trailUnitsMax: number;
  readonly trailsKeptMax: number;
}

export const httpLimits: HttpLimits = {
  /** The largest body that the API knows is `{"seconds":86399.999}`. */
  bodyBytesMax: 16_384,
  /** Line and headers of a request; browsers with cookies of other programs on localhost need a few KiB. */
  headerBytesMax: 16_384,
  /** A peer that sends its headers a byte at a time holds a connection no longer than this. */
  headersMsMax: 10_000,
  requestMsMax: 15_000,
  /** How often the two above are looked at. */
  checkMs: 2_000,
  /** A change waits for one commit; one that takes longer is answered with 503. */
  answerMsMax: 10_000,
  /** Longer than the 5 s at which dashboards poll, so that they keep their connection. */
  keepAliveMsMax: 10_000,
  /** Beyond the event streams, what dashboards and scripts of a large team hold open. */
  connectionsMax: 1_024,
  /** Each may hold `streamBufferedBytesMax`. */
  streamsMax: 256,
  /** About 5,000 readings that a slow reader has not taken yet; later ones are dropped and counted. */
  streamBufferedBytesMax: 1_048_576,
  /** Readings joined into one write, so that one commit cannot pass the bound above by more than some 64 KiB. */
  streamChunkReadings: 256,
  /** Queries that are answered at a time: they share the thread that reads the store, and the server's own. */
  queriesMax: 8,
  /** Scrapes of /metrics at a time: one of 5,000 units holds some 16 MiB. Two Prometheus servers that watch each other's fleet, twice. */
  scrapesMax: 4,
  /** Joined into one write, some 250 readings: what a query holds, and half a millisecond of work. */
  queryChunkCharacters: 32_768,
  /** Whoever does not take one such write in a minute is not reading. */
  queryStalledMsMax: 60_000,
  /** The step in which a store is searched for anything at all: the longest that it has at hand. */
  searchStepMs: 7_200_000,
  /** Proxies close what says nothing for 30 to 60 s. */
  heartbeatMs: 15_000,
  /** A reader that has taken nothing for four heartbeats has gone without a word. */
  stalledBeatsMax: 4,
  /** How long closing waits for answers in hand; the server as a whole has 25 s. */
  closeMsMax: 2_000,
  /** Changes of the fleet are gathered for so long: four events a second are as many as anybody can follow. */
  fleetBatchMs: 250,
  /** Units that are looked at, or written down, in one turn of the event loop: 1 to 2 ms. */
  fleetSliceUnits: 512,
  /** How often a unit is looked at whose interval is under way. It is sent after 5 s, and then every 10 s. */
  fleetSendingMs: 1_000,
  /** A page that is loaded anew, or a link that was cut, is back by then. */
  fleetKeptMs: 60_000,
  /** Events for readers of the fleet that were away or are slow, some 250 KiB. */
  fleetEventsMax: 1_000,
  /** Readings of a unit that somebody watches: two minutes of one with ten sensors at one second. */
  fleetReadingsMax: 1_024,
  /** Units of one request for trails: more than a screen shows. */
  trailUnitsMax: 64,
  /** Trails that are kept for the rest of their minute, 1 to 2 KiB each. */
  trailsKeptMax: 8_192,
};
