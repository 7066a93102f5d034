import { framed, type Frame } from '../framing/frame.ts';
import type { ClientSessionOptions, Connected } from './client-contract.ts';
import type { Registering } from './client-state.ts';
import { isNonce, proofData } from './proof.ts';
import { registrationData } from './registration.ts';

type Oneself = Pick<ClientSessionOptions, 'name' | 'udpPort' | 'prove' | 'id'>;

/** The data of `!RGTR` of a client that has just connected. */
export function introduction({ name, udpPort, prove, id }: Oneself, connected: Connected): string {
  const { localAddress: ip, epoch, timeText: time } = connected;
  const keyed = prove === undefined ? {} : ({ hasKey: true } as const);
  return registrationData({ name, ip, udpPort, time, v: 2, epoch, id, ...keyed });
}

/** The answer to a server that asks for this machine's key, or the sentence that says why there is none. */
export function proofFor(
  nonce: string,
  { data, proven, connected }: Registering,
  prove: ClientSessionOptions['prove'],
): Frame | string {
  if (prove === undefined) return 'the server asks for a key, and this client has none';
  if (proven || !isNonce(nonce)) return 'the server asks for the key in a way that has no sense';
  return framed('!AUTH', proofData(prove({ nonce, registration: data, binding: connected.binding })));
}
