import type { Peer } from './peer.ts';

const counts = [
  ['celsius', 'cpu_temp'],
  ['used', 'disk'],
  ['used', 'ram'],
  ['utilisation', 'cpu'],
] as const;

/** InfluxDB 1: each reading a point of as many fields, synced to its log before the answer. */
export const influxdb: Peer = {
  name: 'InfluxDB',
  program: 'influxd',
  debianPackage: 'influxdb',
  dialect: 'influx-line',
  launch: ({ folder, port, spare, idle }) => ({
    args: ['run'],
    environment: {
      INFLUXDB_CONFIG_PATH: '/dev/null',
      INFLUXDB_REPORTING_DISABLED: 'true',
      INFLUXDB_BIND_ADDRESS: `127.0.0.1:${spare}`,
      INFLUXDB_HTTP_BIND_ADDRESS: `127.0.0.1:${port}`,
      INFLUXDB_META_DIR: `${folder}/meta`,
      INFLUXDB_DATA_DIR: `${folder}/data`,
      INFLUXDB_DATA_WAL_DIR: `${folder}/wal`,
      // A line a request, and readings about itself: neither is what is measured.
      INFLUXDB_HTTP_LOG_ENABLED: 'false',
      INFLUXDB_MONITOR_STORE_ENABLED: 'false',
      ...(idle
        ? {
            INFLUXDB_DATA_CACHE_SNAPSHOT_WRITE_COLD_DURATION: '1s',
            INFLUXDB_DATA_COMPACT_FULL_WRITE_COLD_DURATION: '2s',
          }
        : {}),
    },
  }),
  async prepare(port) {
    await ask(port, 'CREATE DATABASE bench');
  },
  async count(port) {
    const text = await ask(port, counts.map(([field, from]) => `SELECT count(${field}) FROM ${from}`).join(';'));
    // Of each query one point: the time, which is 0, and the count.
    return [...text.matchAll(/"values":\[\[[^,]+,(\d+)\]\]/g)].reduce((sum, [, count]) => sum + Number(count), 0);
  },
};

async function ask(port: number, query: string): Promise<string> {
  const body = new URLSearchParams({ db: 'bench', q: query });
  const response = await fetch(`http://127.0.0.1:${port}/query`, { method: 'POST', body });
  const text = await response.text();
  if (!response.ok || text.includes('"error"')) throw new Error(`${query}: ${response.status} ${text}`);
  return text;
}
