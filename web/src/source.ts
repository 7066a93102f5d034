import type { HubClient } from '../../src/api/hub-client.ts';
import type { PageSnapshot } from '../../src/api/page-snapshot.ts';
import { hub } from './hub.ts';
import { snapshotSource } from './snapshot/snapshot-source.ts';

/** What the charts and spark lines are drawn from: the server, or what was put into the page when it was written to a file. */
export type Source = Pick<HubClient, 'trails' | 'unit' | 'history' | 'gaps' | 'events'>;

/** Of a page that was written to a file. */
export const snapshot: PageSnapshot | undefined = readSnapshot();

export const source: Source = snapshot === undefined ? hub : snapshotSource(snapshot);

function readSnapshot(): PageSnapshot | undefined {
  const text = document.querySelector('#snapshot')?.textContent;
  if (text === undefined || text === null) return undefined;
  const parsed: unknown = JSON.parse(text);
  // telemetryctl of the same version has written it into the same file.
  return parsed as PageSnapshot;
}
