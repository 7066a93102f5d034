import { parseProof, signedText } from '../../src/session/proof.ts';
import { keyOf, sha256, verify } from '../server/played-key.ts';
import type { Stage } from './stage.ts';

/** Answers to challenges that an impostor remembers. */
const overheardMax = 40;

/** Whose key each name and id is, as it was confirmed to somebody, and what anybody may have read on the way. */
export class KeyBook {
  /** Data of `!AUTH` of honest clients. */
  readonly answers: string[] = [];
  readonly #stage: Stage;
  readonly #ofName = new Map<string, string>();
  readonly #ofId = new Map<string, string>();
  /** By id: the name under which it was served last. */
  readonly #nameOf = new Map<string, string>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Somebody has answered a challenge. */
  get isUsed(): boolean {
    return this.answers.length > 0;
  }

  /** Names that are bound, with the ids of their units. */
  get bound(): readonly { readonly name: string; readonly clientId: string; readonly key: string }[] {
    const ids = new Map([...this.#ofId].map(([clientId, key]) => [key, clientId]));
    return [...this.#ofName].map(([name, key]) => ({ name, key, clientId: ids.get(key) ?? '' }));
  }

  overheard(data: string): void {
    this.answers.push(data);
    if (this.answers.length > overheardMax) this.answers.shift();
  }

  /** The server tells a connection that it is this unit. What was bound and confirmed once is never anybody else's. */
  granted({ clientId, name, key, proven, asked }: Granted): void {
    const { stage } = { stage: this.#stage };
    stage.check(!asked || proven !== undefined, () => `${name} is served without the proof that was asked for`);
    stage.check(key === undefined || key === proven, () => `${name} is bound to ${key} and served to ${proven}`);
    for (const [what, owner] of [
      [name, this.#ofName.get(name)],
      [clientId, this.#ofId.get(clientId)],
    ] as const) {
      stage.check(owner === undefined || owner === proven, () => `${what} of ${owner} is served to ${proven}`);
    }
    if (key === undefined) return;
    // A machine that asks for another name lets go of the one that it had.
    const former = this.#nameOf.get(clientId);
    if (former !== undefined && former !== name) this.#ofName.delete(former);
    this.#nameOf.set(clientId, name);
    this.#ofName.set(name, key);
    this.#ofId.set(clientId, key);
  }

  /** What the server knew is gone. */
  newDisk(): void {
    this.#ofName.clear();
    this.#ofId.clear();
    this.#nameOf.clear();
  }
}

export interface Granted {
  readonly clientId: string;
  readonly name: string;
  /** To which the server says that it is bound. */
  readonly key: string | undefined;
  /** Of which the connection has shown a signature. */
  readonly proven: string | undefined;
  readonly asked: boolean;
}

/** What one connection has shown of who it is, judged apart from the server. */
export class Claim {
  readonly #binding: string;
  #registration = '';
  #nonce: string | undefined;
  #proven: string | undefined;
  #wasAsked = false;

  constructor(binding: string) {
    this.#binding = binding;
  }

  get provenKey(): string | undefined {
    return this.#proven;
  }

  get wasAsked(): boolean {
    return this.#wasAsked;
  }

  registers(data: string): void {
    // A second one changes nothing.
    if (this.#registration === '') this.#registration = data;
  }

  asked(nonce: string): void {
    this.#nonce = nonce;
    this.#wasAsked = true;
  }

  /** Answers whether it was asked. */
  proves(data: string): boolean {
    const nonce = this.#nonce;
    if (nonce === undefined) return false;
    this.#nonce = undefined;
    const proof = parseProof(data);
    const challenge = { nonce, registration: this.#registration, binding: this.#binding };
    if (proof !== undefined && verify({ ...proof, text: signedText(challenge, sha256) }))
      this.#proven = proof.publicKey;
    return true;
  }
}

/** Whether it is the key of this client. */
export function isKeyOf(key: string, name: string): boolean {
  return key === keyOf(name);
}
