import type { Registration } from '../../src/session/registration.ts';
import { keyOf, sign } from './played-key.ts';
import { PlayedConnection, turn, type PlayedServer } from './played-server.ts';

export interface Attempt {
  readonly server: PlayedServer;
  /** Whoever has the same has the same key. */
  readonly secret: string;
  readonly token?: string | undefined;
  readonly address?: string;
  /** Undefined: TLS, with a session of its own. */
  readonly binding?: string;
}

let sessions = 0;

/** A connection over TLS, or as `binding` has it, that has said `!RGTR`. */
export function arrive({ server, address, binding }: Attempt, members: Partial<Registration>): PlayedConnection {
  sessions += 1;
  const connection = new PlayedConnection(server, address, binding ?? `session-${sessions}`);
  connection.say(members);
  return connection;
}

/** Answers the challenge; the same as any connection does that holds the key. */
export function answer({ secret, token }: Attempt, connection: PlayedConnection): void {
  const asked = connection.inputs.findLast((input) => input.type === 'challenge');
  if (asked === undefined) throw new Error('nobody asked for a key');
  const challenge = { nonce: asked.nonce, registration: connection.data, binding: connection.binding };
  connection.perform({ type: 'prove', proof: sign(secret, challenge, token) });
}

/** Registers with a key. Answers the id of the unit, or what it is refused with. */
export async function join(attempt: Attempt, members: Partial<Registration> = {}): Promise<string> {
  const connection = arrive(attempt, members);
  answer(attempt, connection);
  return outcomeOf(connection);
}

/** The id of the unit that the connection has registered as, or the code that it is refused with. */
export async function outcomeOf(connection: PlayedConnection): Promise<string> {
  for (let turns = 0; turns < 100; turns += 1) {
    for (const input of connection.inputs) {
      if (input.type === 'registered') return input.registered.clientId;
      if (input.type === 'refused') return input.code;
    }
    await turn();
  }
  throw new Error('no outcome');
}

/** What is stored of the machine with this secret. */
export async function storedMachine(server: PlayedServer, secret: string): Promise<string | undefined> {
  const machine = (await server.store.machines()).find(({ publicKey }) => publicKey === keyOf(secret));
  return (
    machine && `${machine.name} ${machine.clientId} ${machine.state}${machine.tokenId === undefined ? '' : ' by token'}`
  );
}
