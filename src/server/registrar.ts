import { unreachable } from '../core/assert.ts';
import { isLoopback } from '../core/address-block.ts';
import type { Clock } from '../core/clock.ts';
import type { ServerLimits } from '../core/limits.ts';
import type { Log } from '../core/log.ts';
import type { AuthPolicy, JoinTokenRecord, MachineRecord } from '../core/machine.ts';
import type { FailureCode } from '../session/failure.ts';
import { signedText, type Proof } from '../session/proof.ts';
import type { Registration } from '../session/registration.ts';
import { admit, type Admission, type Held } from './admission.ts';
import { bind, type Identity } from './binding.ts';
import type { Application, Guest } from './guest.ts';
import type { Intake } from './intake.ts';
import type { JoinTokenBook } from './join-tokens.ts';
import type { KnownMachines } from './known-machines.ts';
import { RegistrationRate } from './registration-rate.ts';
import type { Seating } from './seating.ts';
import type { OwnedReading } from './unit.ts';
import type { Arrival, Units } from './units.ts';

export interface RegistrarOptions {
  readonly units: Units;
  readonly machines: KnownMachines;
  readonly tokens: JoinTokenBook;
  readonly intake: Intake<OwnedReading>;
  readonly clock: Clock;
  readonly report: Log;
  /** Who may register, and what there may be, as it is now. */
  readonly auth: () => AuthPolicy;
  readonly limits: () => ServerLimits;
  /** 16 random bytes, base64url. */
  readonly randomId: () => string;
  /** 32 random bytes, base64url. */
  readonly randomNonce: () => string;
  /** Of a text as UTF-8, base64url without padding. */
  readonly sha256: (text: string) => string;
  /** Whether it is this Ed25519 key's signature of the text, both base64url; never throws. */
  readonly verify: (signed: {
    readonly publicKey: string;
    readonly signature: string;
    readonly text: string;
  }) => boolean;
  /** UDP may go to the `ip` of `!RGTR` even where it is not the TCP peer's address. */
  readonly allowOtherAddress: boolean;
  readonly seating: Pick<Seating, 'seat'>;
}

/** Decides who registers as whom, and sees to what follows for machines and join tokens: it is stored before the answer. */
export class Registrar {
  readonly #options: RegistrarOptions;
  readonly #rate: RegistrationRate;

  constructor(options: RegistrarOptions) {
    this.#options = options;
    this.#rate = new RegistrationRate(options.limits);
  }

  register(registration: Registration, data: string, guest: Guest): void {
    const { peerAddress } = guest.peer;
    const application: Application = { registration, data, nonce: undefined, publicKey: undefined };
    guest.application = application;
    if (!this.#rate.allows(peerAddress, this.#options.clock.monotonicMs())) {
      refuse(guest, 'too-many', 'more registrations from this address than limits.registrations_per_minute allows');
      return;
    }
    this.#carryOut(this.#judge(application, guest, undefined), { application, guest, identity: undefined });
  }

  prove({ publicKey, signature, token: tokenText }: Proof, guest: Guest): void {
    const { application } = guest;
    const { sha256, verify, machines, tokens } = this.#options;
    if (application?.nonce === undefined) return;
    const { nonce, data } = application;
    application.nonce = undefined;
    const text = signedText({ nonce, registration: data, binding: guest.peer.binding }, sha256);
    if (!verify({ publicKey, signature, text })) {
      refuse(guest, 'not-allowed', 'the signature is not of that key, or of another challenge');
      return;
    }
    application.publicKey = publicKey;
    const token = tokenText === undefined ? undefined : tokens.find(tokenText);
    const identity: Identity = { publicKey, machine: machines.ofKey(publicKey), token };
    const shown = tokenText === undefined ? 'none' : token !== undefined && tokens.isValid(token) ? 'valid' : 'invalid';
    this.#carryOut(this.#judge(application, guest, { identity, shown }), { application, guest, identity });
  }

  #judge(
    { registration }: Application,
    { peer }: Guest,
    proven: { readonly identity: Identity; readonly shown: 'none' | 'valid' | 'invalid' } | undefined,
  ): Admission {
    const { machines, units, auth } = this.#options;
    const { v, name, id, hasKey } = registration;
    const publicKey = proven?.identity.publicKey;
    const machine = proven?.identity.machine;
    const heldBy = (holder: (MachineRecord & { readonly state: Held }) | undefined): Held | undefined =>
      holder === undefined || holder.publicKey === publicKey ? undefined : holder.state;
    const unit = machine === undefined ? undefined : units.get(machine.clientId);
    return admit(
      {
        v,
        hasKey: hasKey === true,
        isLoopback: isLoopback(peer.peerAddress),
        isTls: peer.binding !== '-',
        nameHeld: heldBy(machines.holderOfName(name)),
        idHeld: heldBy(id === undefined ? undefined : machines.holderOfId(id)),
        proven: proven && {
          machine: machine?.state,
          isRenaming: unit !== undefined && unit.askedName !== name,
          token: proven.shown,
        },
      },
      auth(),
    );
  }

  #carryOut(
    admission: Admission,
    { application, guest, identity }: { application: Application; guest: Guest; identity: Identity | undefined },
  ): void {
    switch (admission.type) {
      case 'challenge':
        application.nonce = this.#options.randomNonce();
        guest.peer.input({ type: 'challenge', nonce: application.nonce });
        return;
      case 'refuse':
        if (admission.spoilsToken && identity?.token !== undefined) this.#spoil(identity.token, admission, guest);
        else if (admission.code === 'pending' && identity !== undefined) this.#wait(admission, guest, identity);
        else refuse(guest, admission.code, admission.words);
        return;
      case 'serve':
        this.#serve(admission, application.registration, guest, identity);
        // Of thousands of connections each would keep the text of its registration.
        if (guest.unit !== undefined) guest.application = undefined;
        return;
      default:
        unreachable(admission);
    }
  }

  #serve(
    { unit: whose, usesToken }: Extract<Admission, { type: 'serve' }>,
    registration: Registration,
    guest: Guest,
    identity: Identity | undefined,
  ): void {
    const { units, limits, seating } = this.#options;
    const { name, id } = registration;
    const arrival = this.#arrivalOf(registration, guest);
    const own = whose === 'own' ? identity?.machine : undefined;
    const found = own === undefined ? units.findUnbound({ id, name, address: arrival.peer }) : units.get(own.clientId);
    if (found === undefined && units.size >= limits().unitsMax) {
      refuse(guest, 'too-many', 'the server has as many units as limits.units allows');
      return;
    }
    if (found !== undefined) units.resume(found, registration, arrival);
    // One that waited keeps the id under which it did.
    const bound = whose === 'unbound' ? {} : { clientId: identity?.machine?.clientId, name: own?.name };
    const unit = found ?? units.create(registration, arrival, bound);
    if (whose === 'unbound' || identity === undefined) seating.seat(guest, unit, registration, undefined);
    else seating.seat(guest, unit, registration, bind(unit, { arrival, identity, usesToken }, this.#options));
  }

  /** One that waits for approval is known, durably, before it is told so. */
  #wait({ words }: { words: string }, guest: Guest, { publicKey, machine }: Identity): void {
    const { machines, clock, randomId, intake, report } = this.#options;
    const peer = guest.peer.peerAddress;
    const name = guest.application?.registration.name ?? '';
    const wallMs = clock.wallMs();
    const isNew = machine === undefined;
    if (isNew && !machines.hasRoom(wallMs)) {
      refuse(
        guest,
        'too-many',
        'as many machines as may wait for approval do so already; ask the operator of the server',
      );
      return;
    }
    const seen = { lastSeenMs: wallMs, peer };
    const clientId = machine?.clientId ?? randomId();
    if (isNew) machines.put({ publicKey, clientId, name, state: 'pending', firstSeenMs: wallMs, ...seen });
    // The name of one that was forgotten stays taken, whatever it asks for now.
    else machines.put({ ...machine, name: machine.state === 'pending' ? name : machine.name, ...seen });
    intake.addCompanions({
      stored: () => {
        if (isNew) report('warn', 'machine-pending', { unit: name, client_id: clientId, key: publicKey, peer });
        refuse(guest, 'pending', words);
      },
      failed: (reason) => {
        refuse(guest, 'store-unavailable', reason);
      },
    });
  }

  #spoil(token: JoinTokenRecord, { code, words }: { code: FailureCode; words: string }, guest: Guest): void {
    const { tokens, intake, report } = this.#options;
    tokens.spoil(token);
    intake.addCompanions({
      stored: () => {
        const fields = { token: token.id, peer: guest.peer.peerAddress };
        if (!token.revoked) report('warn', 'join-token-revoked', { ...fields, reason: 'it was sent without TLS' });
        refuse(guest, code, words);
      },
      failed: (reason) => {
        refuse(guest, 'store-unavailable', reason);
      },
    });
  }

  #arrivalOf({ ip }: Registration, { peer }: Guest): Arrival {
    const { clock, allowOtherAddress } = this.#options;
    const udpAddress = allowOtherAddress ? ip : peer.peerAddress;
    return { peer: peer.peerAddress, wallMs: clock.wallMs(), udpAddress };
  }
}

function refuse({ peer }: Guest, code: FailureCode, words: string): void {
  peer.input({ type: 'refused', code, words });
}
