import { identityFile } from '../client/identity-file.ts';
import { openMachineKey, type MachineKey } from '../client/machine-key.ts';
import { lockState } from '../client/spool/state-lock.ts';
import type { JoinCommand } from '../config/command-line.ts';
import { addressText, wireAddressText } from '../config/kinds/address.ts';
import type { Clock } from '../core/clock.ts';
import { CodedError } from '../core/coded-error.ts';
import { reasonOf } from '../core/system-error.ts';
import { ClientSession } from '../session/client-session.ts';
import type { ClientAction } from '../session/client-contract.ts';
import { prettyPhrase } from '../sinks/visible-text.ts';
import { ClientConnection, type Dial } from '../transport/client-connection.ts';
import { systemClock } from '../transport/system-clock.ts';
import { dialOf } from './client-dial.ts';
import { writeJoinedServer } from './joined-server.ts';
import { preparePrivateFolder } from './private-folder.ts';
import { crypto, drawEpoch, tag } from './secrets.ts';
import { aborted, type Surface } from './surface.ts';

/** From the dial to the confirmation of leaving. */
const joinMsMax = 30_000;

/**
 * `telemetry-client join`: makes the machine's key, registers once at the server of the invitation, and keeps server and fingerprint in the state folder.
 * Rejects with a CodedError, and then has kept no server: `join-refused`, `join-failed`, `state-in-use`, `key-unusable`, `folder-unwritable`.
 */
export async function joinServer(
  { invitation, config, hasStateFlag }: JoinCommand,
  surface: Surface,
  clock: Clock = systemClock,
): Promise<void> {
  const { server, fingerprint, token } = invitation;
  preparePrivateFolder(config.stateDir, '--state-dir');
  // Where there can be no lock, the client itself will say so.
  const unlock = await lockState(config.stateDir, () => undefined);
  try {
    const key = openMachineKey({ folder: config.stateDir, crypto, drawHex: drawEpoch });
    // Before anybody is asked: a folder that cannot keep the key is no reason to use the token up.
    key.make();
    const clientId = await register({
      name: config.name,
      id: identityFile(config.stateDir).read(),
      key,
      token,
      dial: await dialOf({ server, fingerprint, ca: undefined }),
      clock,
      signal: surface.signal,
    });
    const name = config.nameIsHosts === true ? undefined : config.name;
    writeJoined(config.stateDir, { server, fingerprint, name });
    const next = `telemetry-client${hasStateFlag ? ` --state-dir ${config.stateDir}` : ''}`;
    surface.stdout.write(
      `This machine has joined ${addressText(server)} as ${prettyPhrase(config.name)} (client_id ${clientId}); start ${next}, which needs no --server from now on.\n`,
    );
    if (config.server !== undefined) {
      surface.complain(
        `--server, TELEMETRY_SERVER or the configuration file says ${wireAddressText(config.server)}, which goes before what was joined: take it out.`,
      );
    }
  } finally {
    await unlock();
  }
}

interface Registering {
  readonly name: string;
  /** Of what this machine was before, so that it stays the same unit. */
  readonly id: string | undefined;
  readonly key: MachineKey;
  readonly token: string;
  readonly dial: Dial;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Registers and leaves; answers the `client_id`. */
function register({ name, id, key, token, dial, clock, signal }: Registering): Promise<string> {
  let isProven = false;
  let clientId: string | undefined;
  const session = new ClientSession({
    name,
    id,
    udpPort: 0,
    random: Math.random,
    tag,
    prove(challenge) {
      isProven = true;
      // The token is for a server that is known by its fingerprint, which without TLS none is.
      return key.prove(challenge, challenge.binding === '-' ? undefined : token);
    },
  });
  return new Promise<string>((resolve, reject) => {
    const leave = (): void => {
      queueMicrotask(() => {
        connection.input({ type: 'stop' });
      });
    };
    const finish = (error: CodedError): void => {
      cancel();
      leave();
      if (clientId !== undefined && isProven) resolve(clientId);
      else reject(clientId === undefined ? error : failed('the server did not ask for the key of this machine'));
    };
    const perform = (action: ClientAction): void => {
      if (action.type === 'registered') {
        clientId = action.grant.clientId;
        leave();
      } else if (action.type === 'lost') {
        finish(lossOf(action.reason));
      } else if (action.type === 'stopped') {
        finish(failed('it was told to stop'));
      }
    };
    const introduce = (): { readonly epoch: string; readonly timeText: string } => ({
      epoch: drawEpoch(),
      timeText: `${new Date(clock.wallMs()).toISOString().slice(0, 19)}Z`,
    });
    const connection = new ClientConnection({ session, clock, dial, introduce, perform, settled: () => undefined });
    const cancel = clock.after(joinMsMax, () => {
      finish(failed(`no answer within ${joinMsMax / 1000} s`));
    });
    void aborted(signal).then(leave);
    connection.input({ type: 'start' });
  });
}

function lossOf(reason: string): CodedError {
  const [, code, words] = /^([a-z-]+): (.*)$/s.exec(reason) ?? [];
  if (code === undefined || words === undefined) return failed(prettyPhrase(reason));
  return new CodedError('join-refused', `the server refused (${code}): ${prettyPhrase(words)}`);
}

function failed(words: string): CodedError {
  return new CodedError('join-failed', `this machine has not joined: ${words}`);
}

function writeJoined(folder: string, joined: Parameters<typeof writeJoinedServer>[1]): void {
  try {
    writeJoinedServer(folder, joined, drawEpoch());
  } catch (cause) {
    throw failed(
      `the server has taken it, but ${folder} cannot be written to (${reasonOf(cause)}); mend that, and run the same line again`,
    );
  }
}
