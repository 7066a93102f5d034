import { nearest } from './nearest.ts';
import { configFile } from './program.ts';
import { clientProgram } from './client-program.ts';
import { serverProgram } from './server-program.ts';
import { environmentNameOf, environmentPrefix } from './setting.ts';

/** What telemetryctl reads of the API. */
const otherNames = [
  'TELEMETRY_API',
  'TELEMETRY_API_CA',
  'TELEMETRY_API_FINGERPRINT',
  'TELEMETRY_API_TOKEN',
  'TELEMETRY_API_TOKEN_FILE',
];

/** The names that some program here reads. */
const known = [
  configFile.environmentName,
  ...otherNames,
  ...[serverProgram, clientProgram].flatMap(({ settings }) =>
    Object.values(settings).map(({ key }) => environmentNameOf(key)),
  ),
];

/** A variable with our prefix that no program here reads, and what it may have meant. */
export interface UnreadVariable {
  readonly name: string;
  readonly meant: string | undefined;
}

/**
 * Those of `names`, all with our prefix, that nobody here reads. They are not faults: a container's platform sets such names on its own
 * (Kubernetes gives `TELEMETRY_SERVER_PORT` for a service called `telemetry-server`).
 */
export function unreadVariables(names: readonly string[]): readonly UnreadVariable[] {
  const rests = known.map((name) => name.slice(environmentPrefix.length));
  return names
    .filter((name) => !known.includes(name))
    .map((name) => {
      const meant = nearest(name.slice(environmentPrefix.length), rests);
      return { name, meant: meant === undefined ? undefined : environmentPrefix + meant };
    });
}
