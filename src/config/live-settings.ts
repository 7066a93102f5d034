import type { ServerConfig } from './contract.ts';

/** The settings that a running server cannot change, by their keys, and what each is in a configuration. */
const fixed: Readonly<Record<string, (config: ServerConfig) => unknown>> = {
  listen: ({ listen }) => listen,
  http: ({ http }) => http && [http.host, http.port],
  data_dir: ({ dataDir }) => dataDir,
  interval: ({ intervalSeconds }) => intervalSeconds,
  'store.kind': ({ store }) => store.kind,
  'store.retention': ({ store }) => store.retentionMs,
  'store.retention_1m': ({ store }) => store.rollUpRetentionMs['1m'],
  'store.retention_10m': ({ store }) => store.rollUpRetentionMs['10m'],
  'store.retention_2h': ({ store }) => store.rollUpRetentionMs['2h'],
  'store.budget': ({ store }) => store.budgetBytes,
  'udp.allow_other_address': ({ udp }) => udp.allowOtherAddress,
  'http.insecure': ({ http }) => http?.insecure,
  'http.login': ({ http }) => http?.login,
  'http.hosts': ({ http }) => http?.hosts,
  'log.format': ({ log }) => log.format,
  'log.file': ({ log }) => log.file,
  'log.file_bytes': ({ log }) => log.fileBytesMax,
  'log.files': ({ log }) => log.filesMax,
};

/** Whether a running server takes a change of this setting over: `log.level`, and those in `tls`, `auth` and `limits`. */
export function isLive(key: string): boolean {
  return !Object.hasOwn(fixed, key);
}

/** The keys of the settings that differ between the two and need a restart, in the order of the documentation. */
export function changesForRestart(before: ServerConfig, after: ServerConfig): readonly string[] {
  return Object.entries(fixed).flatMap(([key, valueIn]) =>
    JSON.stringify(valueIn(before)) === JSON.stringify(valueIn(after)) ? [] : [key],
  );
}
