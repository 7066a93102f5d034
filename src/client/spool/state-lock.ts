import { open, readdir, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join, resolve, sep } from 'node:path';
import { crc32 } from 'node:zlib';
import { CodedError } from '../../core/coded-error.ts';
import type { Log } from '../../core/log.ts';
import { systemErrorCode } from '../../core/system-error.ts';
import { unusable, unusableError } from './unusable.ts';

/** Longer paths of sockets are cut off by macOS (104 with the zero at their end) and Linux (108). */
const socketPathBytesMax = 100;
/** Others that start at the same time can be in the way this often. */
const attemptsMax = 3;
/** What the system says where it is the folder that is at fault. */
const folderFaults = new Set(['EACCES', 'EROFS', 'ENOENT']);

/**
 * Takes the state folder for this process alone; the result lets go of it. Rejects with `state-in-use` where another has it.
 *
 * The lock is a socket, `client-1.lock`, that this process listens at. The system closes it with the process, however that ends, and answers
 * everybody who shares the folder on this machine, from other containers too. The number of a process does neither: another may have it by now,
 * and in each container the first is 1. What a killed process leaves is not removed to make room but followed by the next number, since
 * whoever removes a file cannot know that it is still the one that he has looked at. Where the file system has no sockets there is no
 * lock, and that is said.
 */
export async function lockState(stateDir: string, log: Log): Promise<() => Promise<void>> {
  const place = await lockPlace(stateDir);
  try {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const last = Math.max(0, ...(await place.numbers()));
      // `isAlone` would find it too; this way those who come late are not in the way of one another.
      if (last > 0 && (await isAlive(place.address(last)))) break;
      const server = await listen(place.address(last + 1));
      if (server === 'EADDRINUSE') continue;
      if (typeof server === 'string') {
        if (folderFaults.has(server)) throw unusableError(stateDir, new Error(server));
        log('warn', 'state-unlocked', { folder: stateDir, reason: server });
        return () => place.close();
      }
      if (await isAlone(place, last + 1)) {
        return async () => {
          await closed(server);
          await place.close();
        };
      }
      await closed(server);
      break;
    }
  } catch (error) {
    await place.close();
    throw error;
  }
  await place.close();
  throw new CodedError(
    'state-in-use',
    `${stateDir}: another telemetry-client works with this folder; end it, or give this one another with --state-dir`,
  );
}

/** Where locks are, by names that are short enough. */
interface Place {
  /** The locks that there are, of the living and the dead. */
  numbers(): Promise<readonly number[]>;
  address(number: number): string;
  close(): Promise<void>;
}

async function lockPlace(stateDir: string): Promise<Place> {
  const path = resolve(stateDir);
  const nothing = (): Promise<void> => Promise.resolve();
  if (sep === '\\') {
    // Windows has named pipes instead, which are in no folder and end with their process too.
    const name = crc32(path.toLowerCase()).toString(16).padStart(8, '0');
    return { numbers: async () => [], address: () => `\\\\.\\pipe\\telemetry-client-${name}`, close: nothing };
  }
  const numbers = async (): Promise<readonly number[]> => {
    const names = await readdir(path).catch(unusable(stateDir));
    return names.flatMap((name) => (/^client-\d{1,9}\.lock$/.test(name) ? [Number.parseInt(name.slice(7), 10)] : []));
  };
  const within = (folder: string) => (number: number) => join(folder, `client-${number}.lock`);
  if (Buffer.byteLength(within(path)(999_999_999)) <= socketPathBytesMax)
    return { numbers, address: within(path), close: nothing };
  const folder = await open(path, 'r').catch(unusable(stateDir));
  return { numbers, address: within(`/proc/self/fd/${folder.fd}`), close: () => folder.close() };
}

/**
 * Whether nobody else holds a lock, now that this process does. Two that start together may both find that the other is there; they cannot
 * both find that he is not. Removes what the dead have left.
 */
async function isAlone(place: Place, own: number): Promise<boolean> {
  for (const number of await place.numbers()) {
    if (number === own) continue;
    const address = place.address(number);
    if (await isAlive(address)) return false;
    await unlink(address).catch(() => {
      // Left where it is, it is as dead at the next start.
    });
  }
  return true;
}

/** The server, or the system's word for why there is none. */
function listen(address: string): Promise<Server | string> {
  return new Promise((settle) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => {
      settle(systemErrorCode(error) ?? error.message);
    });
    server.listen(address, () => {
      server.unref();
      settle(server);
    });
  });
}

/** Node.js deletes the socket's file as well. */
function closed(server: Server): Promise<void> {
  return new Promise((settle) => {
    server.close(() => {
      settle();
    });
  });
}

/** Whether a process listens there: only a refusal says that none does. */
function isAlive(address: string): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      settle(true);
    });
    socket.once('error', (error) => {
      settle(!['ECONNREFUSED', 'ENOENT'].includes(systemErrorCode(error) ?? ''));
    });
  });
}
