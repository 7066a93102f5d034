import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { assert, unreachable } from '../../core/assert.ts';
import { CodedError } from '../../core/coded-error.ts';
import { backupStore } from '../../store/sqlite/backup.ts';
import { checkStore } from '../../store/sqlite/check.ts';
import { compactStore } from '../../store/sqlite/compact.ts';
import { databaseFile, syncFolder } from '../../store/sqlite/database.ts';
import { storeFault } from '../../store/sqlite/faults.ts';
import { openForInspection } from '../../store/sqlite/inspection.ts';
import { ownStore } from '../../store/sqlite/owner-lock.ts';
import { salvageStore } from '../../store/sqlite/salvage.ts';
import { systemClock } from '../../transport/system-clock.ts';
import type { StoreTask, StoreTaskReply } from './store-task.ts';

/** Where the thread of a store's task begins: the task comes with it. */
const port = parentPort;
const data: unknown = workerData;
assert(port !== null && isTask(data), 'this module is the start of a thread, which begins with its task');
const task = data;
let disown: (() => void) | undefined;

let reply: StoreTaskReply;
try {
  reply = { type: 'done', result: await perform() };
} catch (error) {
  const fault = storeFault(error, task.folder);
  if (!(fault instanceof CodedError)) throw fault;
  reply = { type: 'failed', code: fault.code, words: fault.message };
}
port.once('message', () => {
  if (task.type === 'salvage') syncFolder(dirname(task.folder));
  disown?.();
});
port.postMessage(reply);

function perform(): Promise<Extract<StoreTaskReply, { type: 'done' }>['result']> {
  switch (task.type) {
    case 'check':
      return checkStore(task.folder);
    case 'backup':
      return backupStore(task.folder, task.file);
    case 'salvage':
      return salvage(task);
    case 'compact':
      return compact(task.folder);
    default:
      return unreachable(task);
  }
}

function compact(folder: string): ReturnType<typeof compactStore> {
  if (!existsSync(databaseFile(folder))) openForInspection(folder).close();
  disown = ownStore(folder);
  return compactStore(folder, systemClock);
}

async function salvage({
  folder,
  into,
  clears,
  holds,
}: Extract<StoreTask, { type: 'salvage' }>): ReturnType<typeof salvageStore> {
  // A lock would make the folder where there is none.
  if (existsSync(databaseFile(folder))) disown = ownStore(folder);
  if (clears) rmSync(into, { recursive: true, force: true });
  const salvaged = await salvageStore(folder, into);
  if (!holds) {
    disown?.();
    disown = undefined;
  }
  return salvaged;
}

function isTask(value: unknown): value is StoreTask {
  return typeof value === 'object' && value !== null && 'type' in value && 'folder' in value;
}
