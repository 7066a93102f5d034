import type { UnitState } from '../../core/unit.ts';
import type { Health, ServerCounts } from '../../server/contract.ts';
import type { ServerFacts } from '../server-facts.ts';
import type { Exposition } from './exposition.ts';
import { labelText } from './label-text.ts';
import { serverFamilies as families } from './server-families.ts';

/** What there is to tell of the server at one moment. */
export interface ServerMoment {
  readonly version: string;
  readonly health: ReturnType<Health['ready']>;
  readonly counts: ServerCounts;
  readonly store: ServerFacts['store'];
  readonly storeBytes: number | undefined;
  readonly usage: ReturnType<ServerFacts['process']>;
  readonly units: Readonly<Record<UnitState, number>>;
  /** How often each event was logged at level warn or error. */
  readonly troubles: Readonly<Record<string, number>>;
}

export function writeServer(exposition: Exposition, moment: ServerMoment): void {
  const { counts, store, storeBytes, health, usage, troubles } = moment;
  exposition.add(families.build, labelText([['version', moment.version]]), 1);
  exposition.add(families.ready, '', health.ready ? 1 : 0);
  exposition.add(families.stored, '', counts.readingsStored);
  exposition.add(families.duplicate, '', counts.readingsDuplicate);
  exposition.add(families.refused, '', troubles['bad-reading'] ?? 0);
  exposition.add(families.waiting, '', counts.readingsWaiting);
  exposition.add(families.commits, 'outcome="stored"', counts.commitsStored);
  exposition.add(families.commits, 'outcome="failed"', counts.commitsFailed);
  writeAcknowledgements(exposition, counts.acknowledgement);
  exposition.add(families.connections, '', counts.connections);
  for (const [state, count] of Object.entries(moment.units)) exposition.add(families.units, `state="${state}"`, count);
  if (storeBytes !== undefined) exposition.add(families.storeBytes, '', storeBytes);
  if (store.budget_bytes !== null) exposition.add(families.storeBudget, '', store.budget_bytes);
  exposition.add(families.leftOut, '', health.leftOut ?? 0);
  for (const [event, count] of Object.entries(troubles)) {
    exposition.add(families.events, labelText([['event', event]]), count);
  }
  exposition.add(families.processStart, '', counts.startedMs / 1000);
  exposition.add(families.processMemory, '', usage.resident_bytes);
  exposition.add(families.processCpu, '', usage.cpu_seconds);
}

/** Each bucket has all those below its bound; the last, of all, is the count. */
function writeAcknowledgements(exposition: Exposition, { boundsSeconds, counts, sumSeconds }: Acknowledgement): void {
  let below = 0;
  for (const [index, count] of counts.entries()) {
    below += count;
    const bound = boundsSeconds[index];
    exposition.add(families.acknowledgement, `le="${bound ?? '+Inf'}"`, below, '_bucket');
  }
  exposition.add(families.acknowledgement, '', sumSeconds, '_sum');
  exposition.add(families.acknowledgement, '', below, '_count');
}

type Acknowledgement = ServerCounts['acknowledgement'];
