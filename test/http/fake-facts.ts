import type { ServerCounts } from '../../src/server/contract.ts';
import type { ServerFacts } from '../../src/http/server-facts.ts';
import { startMs } from './fake-hub.ts';

/** Facts that a test changes as it goes. */
export class FakeFacts implements ServerFacts {
  store: ServerFacts['store'] = {
    kind: 'sqlite',
    budget_bytes: 1_073_741_824,
    retention: { readings: 2_592_000, '1m': 7_776_000, '10m': 31_536_000, '2h': null },
  };
  bytes: number | undefined | Error = 52_428_800;
  port: number | undefined = 34_567;
  now: ServerCounts = {
    startedMs: startMs - 3_600_000,
    readingsStored: 1_000,
    readingsDuplicate: 7,
    readingsWaiting: 3,
    commitsStored: 90,
    commitsFailed: 2,
    connections: 5,
    acknowledgement: { boundsSeconds: [0.001, 0.01, 0.1], counts: [500, 400, 90, 10], sumSeconds: 12.5 },
  };

  counts(): ServerCounts {
    return this.now;
  }

  async storeBytes(): Promise<number | undefined> {
    if (this.bytes instanceof Error) throw this.bytes;
    return this.bytes;
  }

  tcpPort(): number | undefined {
    return this.port;
  }

  process(): ReturnType<ServerFacts['process']> {
    return { resident_bytes: 104_857_600, cpu_seconds: 42.5 };
  }

  /** So many more were stored, and acknowledged in these buckets. */
  go(readingsStored: number, acknowledged: readonly number[]): void {
    const { acknowledgement } = this.now;
    const counts = acknowledgement.counts.map((count, index) => count + (acknowledged[index] ?? 0));
    this.now = {
      ...this.now,
      readingsStored: this.now.readingsStored + readingsStored,
      acknowledgement: { ...acknowledgement, counts },
    };
  }
}
