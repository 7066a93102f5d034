import { unreachable } from '../../core/assert.ts';
import type { ApiTokenCommand } from './command.ts';
import { type DataSurroundings, withDataAccess } from './data-access.ts';
import { ago, shown } from './figures.ts';
import type { Output } from './output.ts';
import { printableJson } from './printable-json.ts';
import { table } from './table.ts';

const columns = [
  { title: 'ID', align: 'left' },
  { title: 'NAME', align: 'left' },
  { title: 'SCOPE', align: 'left' },
  { title: 'MADE', align: 'left' },
  { title: 'EXPIRES', align: 'left' },
] as const;

/** `telemetryctl api-token`: works on the files of the server, not over the API. */
export async function lookAfterApiTokens(
  { task, dataDir, json }: ApiTokenCommand,
  output: Output,
  surroundings: DataSurroundings,
): Promise<0> {
  const options = { dataDir, makesFolder: task.type === 'new' };
  await withDataAccess(options, surroundings, async ({ access, by }) => {
    const print = (raw: unknown, text: string): Promise<void> =>
      output.print(json ? `${printableJson(raw, 2)}\n` : text);
    switch (task.type) {
      case 'list': {
        const { apiTokens } = access;
        const nowMs = Date.now();
        const rows = apiTokens.map((one) => [
          shown(one.id),
          shown(one.name),
          one.scope,
          ago(nowMs - Date.parse(one.created)),
          expiry(one.expires, nowMs),
        ]);
        await print(apiTokens, table(columns, rows));
        if (apiTokens.length === 0 && !json) output.say('there are none; telemetryctl api-token new NAME makes one.');
        return;
      }
      case 'new': {
        const { name, scope } = task;
        const expiresMs = task.expiresMs === undefined ? undefined : Date.now() + task.expiresMs;
        const { token, view } = access.addApiToken({ name, scope, expiresMs }, by);
        await print({ token, ...view }, `${token}\n`);
        if (!json && output.isTerminal) {
          const until = view.expires === null ? 'until it is revoked' : `until ${view.expires}`;
          output.say(`holds ${until}, with the scope ${scope}, and is not shown again; its id is ${view.id}.`);
        }
        return;
      }
      case 'revoke': {
        const view = access.apiTokens.find(({ id }) => id === task.id);
        access.removeApiToken(task.id, by);
        return print(view ?? { id: task.id }, `${shown(view?.name ?? task.id)} (${shown(task.id)}): revoked.\n`);
      }
      default:
        return unreachable(task);
    }
  });
  return 0;
}

function expiry(expires: string | null, nowMs: number): string {
  if (expires === null) return 'never';
  return Date.parse(expires) <= nowMs ? `expired, ${ago(nowMs - Date.parse(expires))}` : expires.slice(0, 10);
}
