import { X509Certificate } from 'node:crypto';
import { makeCertificate } from '../../src/app/certificate/make-certificate.ts';
import { randomNonce, sha256Base64url, verifyProof } from '../../src/app/machine-proof.ts';
import { randomId } from '../../src/app/secrets.ts';
import { framed, received } from '../../src/framing/frame.ts';
import { parseProof, signedText, type Proof } from '../../src/session/proof.ts';
import { grantData } from '../../src/session/registration.ts';
import type { Link } from '../../src/transport/link.ts';
import { listenTcp } from '../../src/transport/tcp.ts';
import { fingerprintOf } from '../../src/transport/tls/fingerprint.ts';
import { listenTls } from '../../src/transport/tls/listen-tls.ts';
import { Wire } from '../../src/transport/wire.ts';

/** A `!RGTR` and how its key was proven. */
export interface Asked {
  readonly registration: Readonly<Record<string, unknown>>;
  readonly proof: Proof;
  /** Whether the signature is that of the key, over this nonce, this registration and this connection. */
  readonly isSigned: boolean;
}

export interface AskingServer {
  readonly port: number;
  /** Of its certificate; empty without TLS. */
  readonly fingerprint: string;
  /** In PEM. */
  readonly certificate: string;
  readonly asked: Asked[];
  /** How often `!DISC` came. */
  readonly left: () => number;
  close(): Promise<void>;
}

export interface AskingServerOptions {
  readonly tls: boolean;
  /** What becomes of who has proven his key: `!FAIL` with this data, no answer at all (`nothing`), or, undefined, `!SUCC`. */
  readonly answer?: (asked: Asked) => string | undefined;
  /** Whether it asks for keys at all. */
  readonly asks?: boolean;
  /** Called at each `!DISC`; false: it is not answered. */
  readonly confirms?: () => boolean;
}

/** A v2 server that asks everybody for a key, on a free port of the loopback. */
export async function startAskingServer({
  tls,
  answer,
  asks = true,
  confirms = () => true,
}: AskingServerOptions): Promise<AskingServer> {
  const asked: Asked[] = [];
  const links = new Set<Link>();
  let left = 0;
  const accept = (link: Link): void => {
    links.add(link);
    const nonce = randomNonce();
    let registration = '';
    const wire = new Wire(link, {
      input(input) {
        if (['ended', 'closed', 'bad-frame'].includes(input.type)) wire.end();
        if (input.type !== 'frame') return;
        const { command, data } = input.frame;
        if (command === '!RGTR') {
          registration = data;
          wire.send(asks ? framed('!AUTH', nonce) : granted());
        } else if (command === '!AUTH') {
          const proof = parseProof(data) ?? { publicKey: '', signature: '', token: undefined };
          const text = signedText({ nonce, registration, binding: link.binding }, sha256Base64url);
          const one = { registration: JSON.parse(registration), proof, isSigned: verifyProof({ ...proof, text }) };
          asked.push(one);
          const words = answer?.(one);
          if (words === undefined) wire.send(granted());
          else if (words !== 'nothing') wire.send(framed('!FAIL', words));
        } else if (command === '!INFO') {
          wire.send(framed('!INFO', received));
        } else if (command === '!DISC') {
          left += 1;
          if (confirms()) wire.send(framed('!DISC', received));
        }
      },
    });
  };
  const address = { host: '127.0.0.1', port: 0 };
  const credentials = await makeCertificate('localhost', Date.now());
  const listener = await (tls
    ? listenTls(address, { credentials, accept, failed: () => undefined })
    : listenTcp(address, accept));
  return {
    port: listener.port,
    fingerprint: tls ? fingerprintOf(new X509Certificate(credentials.certificate)) : '',
    certificate: credentials.certificate,
    asked,
    left: () => left,
    async close() {
      for (const link of links) link.destroy();
      await listener.close();
    },
  };
}

function granted(): ReturnType<typeof framed> {
  const token = randomId();
  return framed('!SUCC', grantData({ clientId: 'unit-of-key', tcpPort: 0, seconds: 0.2, v: 2, seq: 0, rev: 1, token }));
}
