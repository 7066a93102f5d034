import type { UnitView } from '../../src/core/unit.ts';
import type { Cast } from './cast.ts';

/** An operator asks for another interval for one unit, whichever it is. */
export function askForAnyInterval(cast: Cast): void {
  const { stage, plan, server, v1Server } = cast;
  const seconds = stage.random.pick(plan.intervals);
  if (v1Server.isRunning) v1Server.setInterval(Math.ceil(seconds));
  const units = server.running?.hub.units() ?? [];
  if (units.length > 0) askForInterval(cast, stage.random.pick(units), seconds);
}

/** An operator asks for other intervals for all units. */
export function askForAllIntervals(cast: Cast): void {
  const { stage, plan, server, v1Server } = cast;
  if (v1Server.isRunning) v1Server.setInterval(Math.ceil(stage.random.pick(plan.intervals)));
  for (const unit of server.running?.hub.units() ?? []) askForInterval(cast, unit, stage.random.pick(plan.intervals));
}

function askForInterval({ stage, book, server }: Cast, { client_id: clientId }: UnitView, seconds: number): void {
  const told = book.asked(clientId, seconds);
  stage.record(`operator asks ${seconds} s of ${clientId}`);
  void server.running?.hub.setInterval(clientId, seconds).then((outcome) => {
    stage.record(`operator is told ${outcome.type}`);
    if (outcome.type === 'accepted') told('accepted');
    else told(outcome.type === 'store-unavailable' ? 'failed' : 'refused');
  });
}
