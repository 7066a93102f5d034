import type { Log } from '../core/log.ts';
import type { AuthPolicy, JoinTokenRecord, MachineRecord } from '../core/machine.ts';
import type { JoinTokenBook } from './join-tokens.ts';
import type { KnownMachines } from './known-machines.ts';
import type { Unit } from './unit.ts';
import type { Arrival } from './units.ts';

/** What the answer to a challenge has shown. */
export interface Identity {
  readonly publicKey: string;
  readonly machine: MachineRecord | undefined;
  /** The one that it presented, whatever became of it; undefined: none, or none that is known. */
  readonly token: JoinTokenRecord | undefined;
}

export interface BindingOptions {
  readonly machines: Pick<KnownMachines, 'put'>;
  readonly tokens: Pick<JoinTokenBook, 'use'>;
  readonly report: Log;
  readonly auth: () => AuthPolicy;
}

export interface Bindable {
  readonly arrival: Pick<Arrival, 'peer' | 'wallMs'>;
  readonly identity: Identity;
  /** The token is what lets it in. */
  readonly usesToken: boolean;
}

/**
 * Keeps the unit, as it is now, as that of the key. It is stored with the next commit; what is to be told then, if anything is, is told by the
 * result.
 */
export function bind(
  { clientId, name }: Pick<Unit, 'clientId' | 'name'>,
  { arrival: { peer, wallMs }, identity: { publicKey, machine, token }, usesToken }: Bindable,
  { machines, tokens, report, auth }: BindingOptions,
): (() => void) | undefined {
  const used = usesToken ? token : undefined;
  machines.put({
    ...machine,
    publicKey,
    clientId,
    name,
    state: 'approved',
    firstSeenMs: machine?.firstSeenMs ?? wallMs,
    lastSeenMs: wallMs,
    peer,
    ...(used === undefined ? {} : { tokenId: used.id }),
  });
  if (machine?.state === 'approved') return undefined;
  if (used !== undefined) tokens.use(used);
  const reason =
    used === undefined
      ? `the first key for it, which auth.mode ${auth().mode} takes for the right one; nobody else gets this name from now on`
      : 'a join token let it in; nobody else gets this name from now on';
  return () => {
    const fields = { unit: name, client_id: clientId, key: publicKey, peer };
    if (used !== undefined) report('info', 'join-token-used', { ...fields, token: used.id });
    report('info', 'machine-bound', { ...fields, token: used?.id, reason });
  };
}
