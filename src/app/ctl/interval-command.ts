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

/** Units of one request, as the server takes them (docs/api.md). */
const atOnceMax = 10_000;

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

  // A request of its own, so that the audit log names the unit.
  const [one] = units;
  const wishes =
    name !== undefined && one !== undefined ? [await wish(api, one, seconds)] : await wishAll(api, units, seconds);
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

/** All of a request are stored by one commit of the server. */
async function wishAll(api: ApiClient, units: readonly Unit[], seconds: number): Promise<readonly Wish[]> {
  const wishes: Wish[] = [];
  for (let start = 0; start < units.length; start += atOnceMax) {
    wishes.push(...(await wishTogether(api, units.slice(start, start + atOnceMax), seconds)));
  }
  return wishes;
}

async function wishTogether(api: ApiClient, units: readonly Unit[], seconds: number): Promise<readonly Wish[]> {
  const body = { units: units.map(({ client_id: id }) => id), seconds };
  try {
    const { accepted, refused } = (await api.put('api/v1/intervals', body, ({ intervalsOutcome: one }) => one)).body;
    const intervals = new Map(accepted.map(({ client_id: id, interval }) => [id, interval]));
    const refusals = new Map(refused.map((one) => [one.client_id, one]));
    return units.map((unit): Wish => {
      const interval = intervals.get(unit.client_id);
      if (interval !== undefined)
        return { unit: { ...unit, interval }, seconds, outcome: { type: 'sent', rev: interval.rev } };
      const { problem = 'api-refused', detail = 'the server says nothing of it' } = refusals.get(unit.client_id) ?? {};
      return { unit, seconds, outcome: { type: 'refused', code: problem, reason: detail } };
    });
  } catch (error) {
    return units.map((unit) => refusedWish(unit, seconds, error));
  }
}

async function wish(api: ApiClient, unit: Unit, seconds: number): Promise<Wish> {
  const path = `api/v1/units/${encodeURIComponent(unit.client_id)}/interval`;
  try {
    const { body } = await api.put(path, { seconds }, ({ unit: one }) => one);
    return { unit: body, seconds, outcome: { type: 'sent', rev: body.interval.rev } };
  } catch (error) {
    return refusedWish(unit, seconds, error);
  }
}

/** What the server refuses for one unit says nothing about the next. Throws all else. */
function refusedWish(unit: Unit, seconds: number, error: unknown): Wish {
  if (
    !(error instanceof CodedError) ||
    !['unit-cannot', 'no-such-unit', 'store-unavailable', 'api-refused'].includes(error.code)
  )
    throw error;
  return { unit, seconds, outcome: { type: 'refused', code: error.code, reason: error.message } };
}

function isConnected({ state }: Unit): boolean {
  return state === 'online' || state === 'late';
}
