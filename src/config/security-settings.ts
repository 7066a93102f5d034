import type { AuthPolicy } from '../core/machine.ts';
import type { HttpConfig, ServerConfig } from './contract.ts';
import { listOf, one, orUnset } from './kind.ts';
import { hostName } from './kinds/address.ts';
import { choice, yesOrNo } from './kinds/choice.ts';
import { path } from './kinds/path.ts';
import type { Read } from './program.ts';
import type { Setting } from './setting.ts';

/** More names than a server has are a mistake of whatever wrote the file. */
const hostsMax = 64;

const tlsCertificate: Setting<string | undefined> = {
  key: 'tls.certificate',
  kind: one(orUnset(path('FILE'))),
  description: 'The certificate of TLS listeners and of the API, with those between it and its CA, in PEM.',
  default: { value: undefined, text: 'one that the server makes for itself, below data_dir' },
  example: '/etc/telemetry/server.pem',
  flagless: true,
};

const tlsKey: Setting<string | undefined> = {
  key: 'tls.key',
  kind: one(orUnset(path('FILE'))),
  description: 'The private key of tls.certificate, in PEM.',
  default: { value: undefined, text: 'that of its own certificate' },
  example: '/etc/telemetry/server.key',
  flagless: true,
};

const authMode: Setting<AuthPolicy['mode']> = {
  key: 'auth.mode',
  kind: one(choice(['open', 'tofu', 'approve', 'token'], 'MODE')),
  description:
    'Who may register: open, anyone; tofu, anyone, and the first key for a name binds it; approve, new machines wait for telemetryctl machines approve; token, new machines need a join token. Names that have a key are served to it alone in all of them.',
  default: { value: 'tofu' },
  example: 'token',
};

const authV1: Setting<AuthPolicy['v1'] | 'auto'> = {
  key: 'auth.v1',
  kind: one(choice(['auto', 'allow', 'loopback', 'deny'], 'WHERE')),
  description:
    'Where clients of version 1, which have no keys, are served: allow, from everywhere; loopback, from this machine; deny, nowhere; auto, allow with the modes open and tofu, else loopback. Never over TLS.',
  default: { value: 'auto' },
  example: 'deny',
  flagless: true,
};

const httpInsecure: Setting<boolean> = {
  key: 'http.insecure',
  kind: one(yesOrNo),
  description:
    'Serve the API without TLS on addresses other than loopback: for a proxy that speaks TLS in front of it.',
  default: { value: false },
  example: true,
  flagless: true,
};

const httpLogin: Setting<HttpConfig['login']> = {
  key: 'http.login',
  kind: one(choice(['auto', 'always'], 'WHEN')),
  description: 'Who needs an account or an API token: auto, whoever comes by other than loopback; always, everybody.',
  default: { value: 'auto' },
  example: 'always',
  flagless: true,
};

const httpHosts: Setting<readonly string[]> = {
  key: 'http.hosts',
  kind: listOf(hostName, { itemsMax: hostsMax }),
  description: 'Names under which the API is reached, besides its addresses, localhost and the name of this machine.',
  default: { value: [], text: 'none' },
  example: ['telemetry.example.org'],
  flagless: true,
};

export const securitySettings = { tlsCertificate, tlsKey, authMode, authV1, httpInsecure, httpLogin, httpHosts };

export function securityConfig(read: Read): Pick<ServerConfig, 'tls' | 'auth'> & Omit<HttpConfig, 'host' | 'port'> {
  const certificate = read(tlsCertificate);
  const key = read(tlsKey);
  const mode = read(authMode);
  const v1 = read(authV1);
  return {
    tls: certificate === undefined || key === undefined ? undefined : { certificate, key },
    auth: { mode, v1: v1 === 'auto' ? v1Where[mode] : v1 },
    insecure: read(httpInsecure),
    login: read(httpLogin),
    hosts: read(httpHosts),
  };
}

/** What is wrong with settings that are right each for itself. */
export function securityConflicts(read: Read): readonly string[] {
  const [certificate, key] = [read(tlsCertificate), read(tlsKey)];
  if ((certificate === undefined) === (key === undefined)) return [];
  const [given, missing] = certificate === undefined ? ['tls.key', 'tls.certificate'] : ['tls.certificate', 'tls.key'];
  return [`${given} is given without ${missing}; give both, or neither for a certificate that the server makes`];
}

const v1Where = { open: 'allow', tofu: 'allow', approve: 'loopback', token: 'loopback' } as const;
