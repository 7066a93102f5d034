import { fileURLToPath } from 'node:url';

import { startProgram } from '../program.ts';
import type { Program } from '../program.ts';

/** The double of a deployed v1 client. `args` as its `--help` says. */
export function startV1Client(args: readonly string[]): Program {
  return startProgram({ command: 'python3', args: [pathOf('v1_client.py'), ...args] });
}

/** The double of a deployed v1 server, listening on a free port of 127.0.0.1. */
export async function startV1Server(args: readonly string[] = []): Promise<Program & { readonly port: number }> {
  const program = startProgram({ command: 'python3', args: [pathOf('v1_server.py'), ...args] });
  const { port } = await program.event({ event: 'listening' });
  return { ...program, port: Number(port) };
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
