import type { HubClient } from '../../../src/api/hub-client.ts';
import type { JoinTokenView, MachineView } from '../../../src/api/contract.ts';

/** What has become of a join token: undefined where it is no longer kept. */
export interface JoinProgress {
  readonly token: JoinTokenView | undefined;
  /** The machines that it has let in, the latest first. */
  readonly joined: readonly MachineView[];
}

/** Looks after one join token. Asks for the machines only when it has let one in since it asked last, because a fleet may have thousands. */
export function joinWatch(hub: Pick<HubClient, 'joinTokens' | 'machines'>, id: string): () => Promise<JoinProgress> {
  let known = 0;
  let joined: readonly MachineView[] = [];
  return async () => {
    const token = (await hub.joinTokens()).find((one) => one.id === id);
    if (token !== undefined && token.uses > known) {
      const machines = await hub.machines();
      joined = machines
        .filter((machine) => machine.token === id)
        .toSorted((one, other) => other.last_seen.localeCompare(one.last_seen));
      known = token.uses;
    }
    return { token, joined };
  };
}
