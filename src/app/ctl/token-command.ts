import { unreachable } from '../../core/assert.ts';
import { CodedError } from '../../core/coded-error.ts';
import { addressText } from '../../config/kinds/address.ts';
import type { JoinToken } from './api-answers.ts';
import type { ApiClient } from './api-client.ts';
import { badUsage } from './arguments.ts';
import { type Colour, type Paint, painter } from './colour.ts';
import type { TokenCommand } from './command.ts';
import { ago, shown } from './figures.ts';
import type { Output } from './output.ts';
import { bareHost, isOwnHost } from './own-host.ts';
import { printableJson } from './printable-json.ts';
import { table } from './table.ts';

const columns = [
  { title: 'ID', align: 'left' },
  { title: 'STATE', align: 'left' },
  { title: 'USES', align: 'right' },
  { title: 'MADE', align: 'left' },
  { title: 'EXPIRES', align: 'left' },
] as const;

/** `telemetryctl token`: the join tokens. `hostname` is this machine's. */
export async function lookAfterTokens(
  api: ApiClient,
  output: Output,
  { task, json }: TokenCommand,
  hostname: string,
): Promise<0> {
  const print = (raw: unknown, text: string): Promise<void> => output.print(json ? `${printableJson(raw, 2)}\n` : text);
  switch (task.type) {
    case 'list': {
      const { body, raw, serverMs = Date.now() } = await api.get('api/v1/join-tokens', (all) => all.joinTokens);
      const paint = painter(output.colour);
      await print(
        raw,
        table(
          columns,
          body.map((token) => row(token, serverMs, paint)),
        ),
      );
      if (body.length === 0 && !json) output.say('there are no join tokens; telemetryctl token new makes one.');
      return 0;
    }
    case 'new':
      return make(api, output, { ...task, json, host: task.host ?? hostFor(api.url, hostname) });
    case 'revoke': {
      const path = `api/v1/join-tokens/${encodeURIComponent(task.id)}`;
      const { body, raw } = await api.delete(path, ({ joinToken }) => joinToken);
      await print(
        raw,
        `${shown(body.id)}: ${shown(body.state)}; it lets nobody in. Machines that it has let in stay.\n`,
      );
      return 0;
    }
    default:
      return unreachable(task);
  }
}

interface NewToken {
  readonly uses: number;
  readonly expiresMs: number;
  /** Under which machines reach the server. */
  readonly host: string;
  readonly json: boolean;
}

async function make(api: ApiClient, output: Output, { uses, expiresMs, host, json }: NewToken): Promise<0> {
  const wish = { uses, expires_seconds: expiresMs / 1000 };
  const { body, raw, serverMs = Date.now() } = await api.post('api/v1/join-tokens', wish, (all) => all.newJoinToken);
  const { id, token, place } = body;
  if (place === null) {
    // Nobody can use it, so it should not stay on the list.
    await api.delete(`api/v1/join-tokens/${encodeURIComponent(id)}`, ({ joinToken }) => joinToken);
    throw new CodedError(
      'no-tls-listener',
      'The server has no TLS listener, and a join token goes over nothing else; start it with --listen tls://[::]:34568 besides its other listeners, then make a token.',
    );
  }
  const join = `${addressText({ host, port: place.port })}/${place.fingerprint}/${token}`;
  await output.print(
    json ? `${printableJson({ ...Object(raw), host, join }, 2)}\n` : `telemetry-client join ${join}\n`,
  );
  if (!json && output.isTerminal) {
    const machines = uses === 1 ? 'one machine' : `${uses} machines`;
    output.say(
      `paste it on ${machines}; it holds for ${within(Date.parse(body.expires) - serverMs)}, and is not shown again.`,
    );
  }
  return 0;
}

function hostFor(api: URL, hostname: string): string {
  if (!isOwnHost(api.hostname)) return bareHost(api.hostname);
  if (/^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/.test(hostname) && !isOwnHost(hostname)) return hostname;
  throw badUsage('This machine has no name under which others reach it; give one, or its address, with --host.');
}

function row(token: JoinToken, nowMs: number, paint: Paint): readonly string[] {
  const leftMs = Date.parse(token.expires) - nowMs;
  return [
    shown(token.id),
    paint(stateColour(token.state), shown(token.state)),
    `${token.uses}/${token.uses_max}`,
    ago(nowMs - Date.parse(token.created)),
    leftMs > 0 ? `in ${within(leftMs)}` : ago(-leftMs),
  ];
}

function stateColour(state: string): Colour {
  switch (state) {
    case 'valid':
      return 'green';
    case 'revoked':
      return 'red';
    default:
      return 'dim';
  }
}

/** A time that is still to pass, in the largest unit that fits. */
function within(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
