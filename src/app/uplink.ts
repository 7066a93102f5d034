import type { Agent } from '../client/agent.ts';
import type { ClientSession } from '../session/client-session.ts';
import { ClientConnection, type ClientConnectionOptions } from '../transport/client-connection.ts';

export interface UplinkOptions extends Pick<ClientConnectionOptions, 'clock' | 'dial'> {
  readonly agent: Agent;
  readonly session: ClientSession;
  /** In place of the agent's own, where somebody watches it. */
  readonly introduce?: ClientConnectionOptions['introduce'];
  readonly perform?: ClientConnectionOptions['perform'];
}

/** Joins an agent to its session and to the way to the server, and starts both. */
export function startUplink({ agent, session, clock, dial, introduce, perform }: UplinkOptions): ClientConnection {
  const connection = new ClientConnection({
    session,
    clock,
    dial,
    introduce: introduce ?? (() => agent.introduce()),
    perform:
      perform ??
      ((action) => {
        agent.perform(action);
      }),
    settled: () => {
      agent.offer();
    },
  });
  agent.start({
    input: connection.input.bind(connection),
    get room() {
      return session.room;
    },
    get v() {
      return session.v;
    },
  });
  return connection;
}
