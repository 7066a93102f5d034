import type { ServerReport } from '../api/contract.ts';
import type { Figures } from '../server/contract.ts';

/** What the server tells of itself, besides its units. */
export interface ServerFacts extends Figures {
  /** Of all files of the store; undefined where it has none. */
  storeBytes(): Promise<number | undefined>;
  readonly store: Pick<ServerReport['store'], 'kind' | 'budget_bytes' | 'retention'>;
  /** Where plain TCP is spoken; undefined: nowhere. */
  tcpPort(): number | undefined;
  process(): ServerReport['process'];
}
