import type { Cast } from './cast.ts';
import { isKeyOf } from './key-book.ts';

/** How often somebody looks who wants to be let in. */
const lookMs = { from: 400, to: 2_000 };
/** A clock that jumps makes it shorter or longer. */
const tokenMs = 600_000;

/** An operator lets the machines in that are known to him, to the end of the world: by his word, or by a join token that he carries there. */
export function admitMachines(cast: Cast): void {
  const { stage, plan } = cast;
  stage.timeline.after(stage.random.between(lookMs.from, lookMs.to), () => {
    if (plan.security.mode === 'approve') approveKnown(cast);
    if (plan.security.mode === 'token') handOutTokens(cast);
    admitMachines(cast);
  });
}

function approveKnown({ server, clients }: Cast): void {
  const machines = server.running?.hub.machines;
  for (const { client_id: clientId, state, key } of machines?.machines() ?? []) {
    if (state !== 'pending') continue;
    const isKnown = clients.some(({ name }) => isKeyOf(key, name));
    void (isKnown ? machines?.approve(clientId) : machines?.forget(clientId));
  }
}

function handOutTokens({ server, clients, network, stage }: Cast): void {
  const hub = server.running?.hub;
  if (hub === undefined) return;
  for (const { name, storage, running } of clients) {
    const isIn = hub.machines.machines().some(({ key, state }) => state === 'approved' && isKeyOf(key, name));
    if (isIn || running === undefined || running.session.v !== undefined) continue;
    const expiresMs = Math.round(network.serverHost.wallMs) + tokenMs;
    void hub.joinTokens.newToken({ usesMax: 1, expiresMs }).then((outcome) => {
      if (outcome.type !== 'made') return;
      stage.record(`${name} is handed a join token`);
      storage.token = outcome.token;
    });
  }
}
