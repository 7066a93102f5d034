import { isDeepStrictEqual } from 'node:util';
import { CodedError } from '../../core/coded-error.ts';
import type { Unit } from './api-answers.ts';
import type { ApiClient } from './api-client.ts';
import type { TagCommand } from './command.ts';
import { shown, tagWords } from './figures.ts';
import { findUnit } from './find-unit.ts';
import type { Output } from './output.ts';
import { printableJson } from './printable-json.ts';
import { table } from './table.ts';

const columns = [
  { title: 'UNIT', align: 'left' },
  { title: 'TAGS', align: 'left' },
] as const;

/** Changes that are on their way at the same time: one commit of the server takes them all. */
const atOnceMax = 16;

/** `telemetryctl tag NAME|all [NAME=VALUE|NAME-]...`: what the units are tagged with afterwards. */
export async function tagUnits(api: ApiClient, output: Output, { name, changes, json }: TagCommand): Promise<0> {
  const units =
    name === undefined ? (await api.get('api/v1/units', ({ units: all }) => all)).body : [await findUnit(api, name)];
  if (units.length === 0 && changes.length > 0)
    throw new CodedError('no-such-unit', 'There are no units yet, so nothing was changed.');
  const tagged = await tagAll(api, units, changes);
  if (json) {
    const lines = tagged.map(({ client_id, name: unit, tags }) => ({ client_id, name: unit, tags }));
    await output.print(`${printableJson(lines, 2)}\n`);
  } else {
    await output.print(
      table(
        columns,
        tagged.map((unit) => [shown(unit.name), tagWords(unit.tags) || '-']),
      ),
    );
  }
  return 0;
}

async function tagAll(
  api: ApiClient,
  units: readonly Unit[],
  changes: TagCommand['changes'],
): Promise<readonly Unit[]> {
  const tagged: Unit[] = [];
  for (let start = 0; start < units.length; start += atOnceMax) {
    const some = units.slice(start, start + atOnceMax);
    const results = await Promise.allSettled(some.map((unit) => changed(api, unit, changes)));
    for (const result of results) if (result.status === 'fulfilled') tagged.push(result.value);
    // What is refused for one is refused for most: the rest is not tried.
    for (const [index, result] of results.entries()) {
      if (result.status === 'rejected') throw failure(result.reason, { unit: some[index], tagged, units });
    }
  }
  return tagged;
}

/** Of one unit what the server said; of many besides which it was, and how far it went. */
function failure(
  cause: unknown,
  {
    unit,
    tagged,
    units,
  }: { readonly unit: Unit | undefined; readonly tagged: readonly Unit[]; readonly units: readonly Unit[] },
): unknown {
  if (!(cause instanceof CodedError) || unit === undefined || units.length === 1) return cause;
  const message = `${shown(unit.name)}: ${cause.message} ${tagged.length} of ${units.length} units have their tags; once this is mended, the same line does the rest.`;
  return new CodedError(cause.code, message, { cause });
}

async function changed(api: ApiClient, unit: Unit, changes: TagCommand['changes']): Promise<Unit> {
  const tags = new Map(Object.entries(unit.tags));
  for (const { name, value } of changes) {
    if (value === undefined) tags.delete(name);
    else tags.set(name, value);
  }
  const wanted = Object.fromEntries(tags);
  if (isDeepStrictEqual(wanted, unit.tags)) return unit;
  const path = `api/v1/units/${encodeURIComponent(unit.client_id)}/tags`;
  const { body } = await api.put(path, { tags: wanted }, ({ unit: one }) => one);
  return body;
}
