import type { Peer } from './peer.ts';

/** One series for each sensor, so that each reading counts once. */
const counted = 'cpu_temp_celsius|disk_used|ram_used|cpu_utilisation';

/** VictoriaMetrics: each value of a reading a sample. It has no log: what was answered in the last seconds is in memory alone. */
export const victoriaMetrics: Peer = {
  name: 'VictoriaMetrics',
  program: 'victoria-metrics',
  debianPackage: 'victoria-metrics',
  dialect: 'influx-line',
  launch: ({ folder, port }) => ({
    args: [
      `-storageDataPath=${folder}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      // Recent samples are to be counted as well.
      '-search.latencyOffset=0s',
    ],
  }),
  async prepare(port) {
    await ask(port, 'health');
  },
  async count(port) {
    await ask(port, 'internal/force_flush');
    const query = encodeURIComponent(`sum(count_over_time({__name__=~"${counted}"}[1h]))`);
    const text = await ask(port, `api/v1/query?nocache=1&query=${query}`);
    return Number(/"value":\[[^,]+,"(\d+)"\]/.exec(text)?.[1]);
  },
  async shrink(port) {
    await ask(port, 'internal/force_merge');
  },
};

async function ask(port: number, path: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/${path}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return text;
}
