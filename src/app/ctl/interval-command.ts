import { CodedError } from '../../core/coded-error.ts';
import type { Unit } from './api-answers.ts';
import type { ApiClient } from './api-client.ts';
import type { IntervalCommand } from './command.ts';
import { confirmations } from './confirmations.ts';
import { findUnit } from './find-unit.ts';
import type { Wish } from './interval-report.ts';
import { exitCodeOf, jsonOf, linesOf, summaryOf } from './interval-report.ts';
import type { Output } from './output.ts';
import type { Patience } from './patience.ts';
import { printableJson } from './printable-json.ts';

/** Changes that are on their way at the same time: one commit of the server takes them all. */
const atOnceMax = 16;

/** `telemetryctl interval NAME|all SECONDS`. */
export async function changeInterval(
  api: ApiClient,
  output: Output,
  command: IntervalCommand,
  patience: Patience,
): Promise<0 | 1> {
  const { name, seconds, timeoutMs } = command;
  const units =
    name === undefined ? (await api.get('api/v1/units', ({ units: all }) => all)).body : [await findUnit(api, name)];
  if (units.length === 0) throw new CodedError('no-such-unit', 'There are no units yet, so nothing was changed.');

  const wishes = await wishAll(api, units, seconds);
  const sent = wishes.filter(({ outcome }) => outcome.type === 'sent');
  // One that was named is waited for even where it is away: it may come back in time. Of all, only those that are there.
  const awaited = timeoutMs === undefined ? [] : sent.filter(({ unit }) => name !== undefined || isConnected(unit));
  const [only] = awaited;
  if (name !== undefined && only !== undefined && timeoutMs !== undefined && !isConnected(only.unit)) {
    output.say(`${only.unit.name} is ${only.unit.state}; waiting up to ${timeoutMs / 1000} s for it to come back.`);
  }
  const found = await confirmations(api, awaited, { timeoutMs: timeoutMs ?? 0, patience, signal: output.ended });
  const results = wishes.map((wish) => found.get(wish.unit.client_id) ?? wish);

  if (command.json)
    await output.print(
      `${printableJson(
        results.map((wish) => jsonOf(wish)),
        2,
      )}\n`,
    );
  else await output.print(linesOf(results, output.colour) + (results.length > 1 ? summaryOf(results) : ''));
  return exitCodeOf(results);
}

async function wishAll(api: ApiClient, units: readonly Unit[], seconds: number): Promise<readonly Wish[]> {
  const wishes: Wish[] = [];
  for (let start = 0; start < units.length; start += atOnceMax) {
    const some = units.slice(start, start + atOnceMax);
    wishes.push(...(await Promise.all(some.map((unit) => wish(api, unit, seconds)))));
  }
  return wishes;
}

async function wish(api: ApiClient, unit: Unit, seconds: number): Promise<Wish> {
  const path = `api/v1/units/${encodeURIComponent(unit.client_id)}/interval`;
  try {
    const { body } = await api.put(path, { seconds }, ({ unit: one }) => one);
    return { unit: body, seconds, outcome: { type: 'sent', rev: body.interval.rev } };
  } catch (error) {
    // What the server refuses for one unit says nothing about the next.
    if (
      !(error instanceof CodedError) ||
      !['unit-cannot', 'no-such-unit', 'store-unavailable', 'api-refused'].includes(error.code)
    )
      throw error;
    return { unit, seconds, outcome: { type: 'refused', code: error.code, reason: error.message } };
  }
}

function isConnected({ state }: Unit): boolean {
  return state === 'online' || state === 'late';
}
