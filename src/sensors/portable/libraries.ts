import { cpus } from 'node:os';

/** What the sensors of Windows and macOS ask; the answers are checked where they are read. */
export interface PortableLibraries {
  cpuTemperature(): Promise<unknown>;
  fsSize(): Promise<unknown>;
  mem(): Promise<unknown>;
  cpuUsage(): Promise<unknown>;
  loadAverage(): Promise<unknown>;
  /** `os.cpus()`: time that each processor has spent since the start, in milliseconds. */
  cpus(): unknown;
}

/**
 * systeminformation and node-os-utils, loaded only now. They start child processes (PowerShell, `df`, `vm_stat`), so a call
 * that has not returned is never made a second time meanwhile.
 */
export async function loadLibraries(): Promise<PortableLibraries> {
  const [{ default: systeminformation }, { createOSUtils }] = await Promise.all([
    import('systeminformation'),
    import('node-os-utils'),
  ]);
  // Its cache would answer with the value of up to 5 s ago.
  const { cpu } = createOSUtils({ cacheEnabled: false });
  return {
    cpuTemperature: oneAtATime('systeminformation.cpuTemperature', () => systeminformation.cpuTemperature()),
    fsSize: oneAtATime('systeminformation.fsSize', () => systeminformation.fsSize()),
    mem: oneAtATime('systeminformation.mem', () => systeminformation.mem()),
    cpuUsage: oneAtATime('node-os-utils cpu.usage', () => cpu.usage()),
    loadAverage: oneAtATime('node-os-utils cpu.loadAverage', () => cpu.loadAverage()),
    cpus: () => cpus(),
  };
}

/** `call`, except while its last call has not settled: then it rejects at once. */
export function oneAtATime<T>(name: string, call: () => Promise<T>): () => Promise<T> {
  let running = false;
  return async () => {
    if (running) throw new Error(`${name} has not returned from its last call yet`);
    running = true;
    try {
      return await call();
    } finally {
      running = false;
    }
  };
}
