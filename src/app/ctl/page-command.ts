import type { FleetSnapshot, GapView, StepView, Trails, UnitEventView, UnitView } from '../../api/contract.ts';
import type { PageSnapshot, UnitSnapshot } from '../../api/page-snapshot.ts';
import type { ApiClient } from './api-client.ts';
import type { PageCommand } from './command.ts';
import { findUnit } from './find-unit.ts';
import type { Output } from './output.ts';
import { pageDocument } from './page-document.ts';
import { pageParts } from './page-parts.ts';
import { joinedTrails } from './joined-trails.ts';
import { writeWhole } from './whole-file.ts';

/** As many as the API takes at once. */
const trailsAtOnce = 64;
/** Steps that a chart shows; the next longer of these lengths, in seconds, is taken. */
const pointsMax = 720;
const stepsSeconds = [1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 7_200, 21_600, 86_400, 604_800];

/** `telemetryctl page --out FILE`. Throws CodedError `page-missing`, `page-not-written`. */
export async function writePage(api: ApiClient, output: Output, command: PageCommand): Promise<0> {
  const parts = await pageParts();
  const document = pageDocument(parts, await snapshotOf(api, command));
  if (command.out === '-') {
    await output.print(document);
    return 0;
  }
  await writeWhole(command.out, document);
  output.say(`${command.out} is written: ${Math.ceil(Buffer.byteLength(document) / 1024)} KiB.`);
  return 0;
}

async function snapshotOf(api: ApiClient, command: PageCommand): Promise<PageSnapshot> {
  const named = command.unit === undefined ? undefined : await findUnit(api, command.unit);
  const whole = (await api.get('api/v1/fleet', ({ fleet }) => fleet)).raw as FleetSnapshot;
  const units = named === undefined ? whole.units : whole.units.filter(({ client_id: id }) => id === named.client_id);
  const unit = named === undefined ? undefined : await unitSnapshot(api, named.client_id, command);
  return {
    made: whole.time,
    server: api.url.host,
    fleet: { time: whole.time, units },
    trails: await trailsOf(
      api,
      units.map(({ client_id: id }) => id),
    ),
    ...(unit !== undefined && { unit }),
  };
}

async function trailsOf(api: ApiClient, ids: readonly string[]): Promise<Trails> {
  const parts: Trails[] = [];
  for (let start = 0; start < ids.length; start += trailsAtOnce) {
    const query = new URLSearchParams({ units: ids.slice(start, start + trailsAtOnce).join(',') });
    const answer = await api.get(`api/v1/fleet/trails?${query.toString()}`, ({ trails }) => trails);
    parts.push(answer.raw as Trails);
  }
  return joinedTrails(parts);
}

async function unitSnapshot(api: ApiClient, clientId: string, { fromMs, toMs }: PageCommand): Promise<UnitSnapshot> {
  const path = `api/v1/units/${encodeURIComponent(clientId)}`;
  const step = stepsSeconds.find((seconds) => (toMs - fromMs) / 1000 / seconds <= pointsMax) ?? 604_800;
  const range = { from: String(fromMs), to: String(toMs) };
  const query = new URLSearchParams(range).toString();
  const steps = new URLSearchParams({ ...range, step: String(step), format: 'json' }).toString();
  return {
    view: (await api.get(path, ({ unit }) => unit)).raw as UnitView,
    from: fromMs,
    to: toMs,
    step,
    history: (await api.get(`${path}/readings?${steps}`, ({ list }) => list)).raw as readonly StepView[],
    gaps: (await api.get(`${path}/gaps?${query}`, ({ gaps }) => gaps)).raw as readonly GapView[],
    events: (await api.get(`${path}/events?${query}`, ({ list }) => list)).raw as readonly UnitEventView[],
  };
}
