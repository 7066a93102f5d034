import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from './child.ts';
import { tellExitCost } from './exit-cost.ts';
import type { LoadScheme } from './load-socket.ts';
import type { Programs } from './programs.ts';

/** A server that listens. Leaving the block of `await using` kills it. */
export interface RunningServer extends AsyncDisposable {
  readonly program: Child;
  readonly port: number;
}

export interface OurServer extends RunningServer {
  readonly dataDir: string;
  readonly httpPort: number;
}

export interface OurServerOptions {
  /** Made where it is missing. Logs go beside it. */
  readonly dataDir: string;
  readonly store?: 'memory' | 'sqlite';
  readonly scheme?: LoadScheme;
  readonly logFile?: string;
  /** It prints at its end what it has cost. */
  readonly tellsExitCost?: boolean;
}

/** A unit that is silent while another server has its turn must not count as late: seconds. */
const interval = '3600';

export async function startOurServer(
  programs: Programs,
  { dataDir, store = 'sqlite', scheme = 'tcp', logFile = `${dataDir}.log`, tellsExitCost = false }: OurServerOptions,
): Promise<OurServer> {
  const listen = ['--listen', `${scheme}://127.0.0.1:0`, '--http', '127.0.0.1:0', '--interval', interval];
  const places = ['--data-dir', dataDir, '--log-file', logFile];
  const program = new Child(
    [...(tellsExitCost ? tellExitCost : []), programs.bin('telemetry-server'), ...listen, ...places],
    { environment: { TELEMETRY_STORE_KIND: store } },
  );
  const [, port] = await program.line(new RegExp(`"listener":"${scheme}".*"port":(\\d+)`));
  const [, httpPort] = await program.line(/"http".*"port":(\d+)/);
  return {
    program,
    port: Number(port),
    httpPort: Number(httpPort),
    dataDir,
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

export async function startBareServer(): Promise<RunningServer> {
  const program = new Child([fileURLToPath(new URL('bare-server.ts', import.meta.url))]);
  const [, port] = await program.line(/port (\d+)/);
  return { program, port: Number(port), [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}

/** A folder that is new for each start of a server. */
export function dataDirOf(folder: string, ...words: readonly (string | number)[]): string {
  return join(folder, words.join('-'));
}
