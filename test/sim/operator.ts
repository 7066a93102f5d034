import type { UnitView } from '../../src/core/unit.ts';
import type { Cast } from './cast.ts';

/** An operator asks for another interval for one unit, whichever it is. */
export function askForAnyInterval(cast: Cast): void {
  const { stage, plan, server, v1Server } = cast;
  const seconds = stage.random.pick(plan.intervals);
  if (v1Server.isRunning) v1Server.setInterval(Math.ceil(seconds));
  const units = server.running?.hub.units() ?? [];
  if (units.length === 0) return;
  const unit = stage.random.pick(units);
  askForInterval(cast, unit, seconds);
  putTag(cast, unit);
  // Somebody who is not content asks again, maybe before the store has the first one.
  if (!stage.random.chance(0.4)) return;
  stage.timeline.after(stage.random.between(0, 30), () =>
    askForInterval(cast, unit, stage.random.pick(plan.intervals)),
  );
}

/** An operator, now and then, asks for another interval for a unit that is just coming back. */
export function askOnReturn(cast: Cast, clientId: string): void {
  const { stage, plan, server } = cast;
  if (!stage.random.chance(0.3)) return;
  stage.timeline.after(stage.random.between(0, 40), () => {
    const unit = server.running?.hub.unit(clientId);
    if (unit !== undefined) askForInterval(cast, unit, stage.random.pick(plan.intervals));
  });
}

/** An operator asks for other intervals for all units. */
export function askForAllIntervals(cast: Cast): void {
  const { stage, plan, server, v1Server } = cast;
  if (v1Server.isRunning) v1Server.setInterval(Math.ceil(stage.random.pick(plan.intervals)));
  for (const unit of server.running?.hub.units() ?? []) askForInterval(cast, unit, stage.random.pick(plan.intervals));
}

/** Numbered, so that of two changes the later is known. */
function putTag({ stage, server }: Cast, { client_id: clientId }: UnitView): void {
  const place = String(stage.timeline.nowMs);
  stage.record(`operator puts the tag ${place} on ${clientId}`);
  void server.running?.hub.setTags(clientId, { place }).then(({ type }) => {
    stage.record(`operator is told ${type} of the tag ${place}`);
  });
}

function askForInterval(
  { stage, book, archive, server }: Cast,
  { client_id: clientId }: UnitView,
  seconds: number,
): void {
  const hub = server.running?.hub;
  if (hub === undefined) return;
  const told = book.asked(clientId, seconds);
  stage.record(`operator asks ${seconds} s of ${clientId}`);
  const asked = hub.setInterval(clientId, seconds);
  const rev = hub.unit(clientId)?.interval.rev ?? 0;
  void asked.then((outcome) => {
    stage.record(`operator is told ${outcome.type}`);
    if (outcome.type === 'accepted') told('accepted');
    else if (outcome.type === 'store-unavailable' && archive.hasWanted(clientId, rev, seconds)) told('perhaps');
    else told('refused');
  });
}
