import { accessSync, constants, existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { unreachable } from '../../core/assert.ts';
import { CodedError } from '../../core/coded-error.ts';
import { reasonOf, systemErrorCode } from '../../core/system-error.ts';
import { storeFolder } from '../store-folder.ts';
import type { StoreCommand } from './command.ts';
import { dataFolder, type StoreSurroundings } from './data-folder.ts';
import type { Output } from './output.ts';
import { printableJson } from './printable-json.ts';
import { salvageInto, salvageInPlace } from './salvage-store.ts';
import { backupReport, checkReport, compactReport, salvageReport } from './store-report.ts';
import { runStoreTask } from './store-task.ts';

/** `telemetryctl store`: works on the files of the server's store, not over the API. 1 where a check found damage. */
export async function lookAfterStore(
  { task, dataDir, json }: StoreCommand,
  output: Output,
  surroundings: StoreSurroundings,
): Promise<0 | 1> {
  const data = dataFolder(dataDir, surroundings);
  const folder = storeFolder(data);
  const { cwd } = surroundings;
  seeInto(folder, surroundings);
  const print = (report: object, text: string): Promise<void> =>
    output.print(json ? `${printableJson(report, 2)}\n` : text);
  switch (task.type) {
    case 'check': {
      const state = await runStoreTask({ type: 'check', folder }, (found) => found, output.ended);
      await print({ folder, ...state }, checkReport(folder, data, state));
      return state.problems.length === 0 ? 0 : 1;
    }
    case 'salvage': {
      const salvage = { data, folder, surroundings, signal: output.ended };
      const done =
        task.into === undefined
          ? await salvageInPlace(salvage)
          : await salvageInto({ ...salvage, into: resolve(cwd, task.into) });
      const { units, readings, lostReadings, problems } = done.salvaged;
      const { store, damaged } = done;
      await print({ store, damaged, units, readings, lost_readings: lostReadings, problems }, salvageReport(done));
      return 0;
    }
    case 'backup': {
      const file = resolve(cwd, task.file);
      const { bytes } = await backup(folder, file, output.ended);
      await print({ file, bytes }, backupReport(file, bytes));
      return 0;
    }
    case 'compact': {
      const done = await runStoreTask({ type: 'compact', folder }, (result) => result, output.ended);
      const { readings, bytes, damagedBlocks } = done;
      const each = readings === 0 ? 0 : Number((bytes / readings).toFixed(2));
      const report = { folder, readings, bytes, bytes_per_reading: each, damaged_blocks: damagedBlocks };
      await print(report, compactReport(folder, done));
      return 0;
    }
    default:
      return unreachable(task);
  }
}

async function backup(folder: string, file: string, signal: AbortSignal): Promise<{ readonly bytes: number }> {
  const isNew = !existsSync(file);
  try {
    return await runStoreTask({ type: 'backup', folder, file }, (result) => result, signal);
  } catch (error) {
    // Ended in its midst, it is no backup.
    if (isNew && signal.aborted) rmSync(file, { force: true });
    throw error;
  }
}

/** Whether there is a store, and this user may look at it. */
function seeInto(folder: string, { platform }: StoreSurroundings): void {
  try {
    accessSync(folder, constants.R_OK | constants.X_OK);
  } catch (cause) {
    const code = systemErrorCode(cause);
    if (code === 'EACCES' || code === 'EPERM') {
      const message = `${folder}: this user may not look into it; run telemetryctl as the server's user or as root`;
      throw new CodedError('store-not-allowed', message, { cause });
    }
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      throw new CodedError('store-io-failed', `${folder}: ${reasonOf(cause)}`, { cause });
    const usual = platform === 'win32' ? '' : '; that of a service is /var/lib/telemetry/server';
    const message = `${folder}: there is no store; give the folder of the server's --data-dir${usual}`;
    throw new CodedError('store-missing', message, { cause });
  }
}
