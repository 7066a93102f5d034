import { nearest } from '../../config/nearest.ts';
import { CodedError } from '../../core/coded-error.ts';
import type { Unit } from './api-answers.ts';
import type { ApiClient } from './api-client.ts';
import { shown } from './figures.ts';

/** Names that an error lists. */
const suggestionsMax = 5;

/** The unit with that name or `client_id`. Throws CodedError `no-such-unit`, which names those that come close. */
export async function findUnit(api: ApiClient, name: string): Promise<Unit> {
  const { body } = await api.get('api/v1/units', ({ units }) => units);
  // The server gives out a client_id, a unit chooses its name: no unit can take the place of another by its name.
  const unit = body.find((one) => one.client_id === name) ?? body.find((one) => one.name === name);
  if (unit === undefined)
    throw noSuchUnit(
      name,
      body.map((one) => one.name),
    );
  return unit;
}

function noSuchUnit(name: string, names: readonly string[]): CodedError {
  const close = closeNames(name, names);
  const meant =
    close.length > 0
      ? `did you mean ${close.map((one) => shown(one)).join(' or ')}?`
      : 'telemetryctl units lists those that are known.';
  return new CodedError(
    'no-such-unit',
    `There is no unit with the name or client_id ${JSON.stringify(name)}; ${meant}`,
  );
}

/** The one that is misspelt most likely, then those that contain what was given. */
export function closeNames(name: string, names: readonly string[]): readonly string[] {
  const part = name.toLowerCase();
  const close = [
    nearest(name, names) ?? [],
    names.filter((one) => part !== '' && one.toLowerCase().includes(part)),
  ].flat();
  return [...new Set(close)].slice(0, suggestionsMax);
}
