import { accessSync, constants, mkdirSync, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from '../child.ts';
import { freePort } from '../free-port.ts';
import type { Peer } from './peer.ts';

const startMsMax = 15_000;
const lookMs = 100;

export interface RunningPeer extends AsyncDisposable {
  readonly program: Child;
  readonly port: number;
}

/** Where the program is, in the folders of `PATH` and those of daemons; undefined where it is not to be had. */
export function programOf({ program }: Peer): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

/** Starts it on what is in `folder`, and resolves when it answers. */
export async function startPeer(
  peer: Peer,
  { folder, idle = false }: { readonly folder: string; readonly idle?: boolean },
): Promise<RunningPeer> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const { args, environment = {} } = peer.launch({ folder, port, spare: await freePort(), idle });
  const program = new Child(args, { program: programOf(peer) ?? peer.program, environment, errors: 'hidden' });
  const untilMs = performance.now() + startMsMax;
  for (;;) {
    try {
      await peer.prepare(port);
      return { program, port, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
    } catch (cause) {
      if (program.hasEnded || performance.now() > untilMs) {
        await program[Symbol.asyncDispose]();
        throw new Error(`${peer.name} does not answer`, { cause });
      }
      await sleep(lookMs);
    }
  }
}

/** What the files of a folder take of the disk, in bytes. */
export function bytesIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  // One that was merged away between the two looks is none.
  return (
    files.reduce((sum, file) => sum + (statSync(join(folder, file), { throwIfNoEntry: false })?.blocks ?? 0), 0) * 512
  );
}

/** Waits until the folder has not changed for some seconds, at most half a minute; its bytes. */
export async function bytesAtRest(folder: string): Promise<number> {
  const untilMs = performance.now() + 30_000;
  let bytes = bytesIn(folder);
  let sinceMs = performance.now();
  while (performance.now() < untilMs && performance.now() - sinceMs < 5_000) {
    await sleep(lookMs);
    const now = bytesIn(folder);
    if (now !== bytes) sinceMs = performance.now();
    bytes = now;
  }
  return bytes;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there, or not for this user.
    return false;
  }
}
