import type { Compacted } from '../../store/sqlite/compact.ts';
import type { StoreState } from '../../store/sqlite/check.ts';
import { shown } from './figures.ts';
import type { SalvageDone } from './salvage-store.ts';

/** Problems that are printed for people; `--json` has all. */
const linesMax = 20;

export function checkReport(folder: string, data: string, { units, readings, problems }: StoreState): string {
  const held = `${counted(readings, 'reading')} of ${counted(units, 'unit')}`;
  if (problems.length === 0) return `${folder}: whole, ${held}.\n`;
  return (
    `${folder}: damaged; ${held} can be read.\n${listed(problems)}` +
    `Stop the server, then put them into a new store: telemetryctl store salvage --data-dir ${shown(data)}\n`
  );
}

export function salvageReport({ salvaged, store, damaged }: SalvageDone): string {
  const { units, readings, lostReadings, problems } = salvaged;
  const lost = lostReadings === 0 ? '' : `${counted(lostReadings, 'reading')} are known to be lost.\n`;
  return (
    `${store}: the new store, ${counted(readings, 'reading')} of ${counted(units, 'unit')}.\n` +
    `${damaged}: the damaged one, as it was; delete it when you miss nothing.\n${lost}${listed(problems)}`
  );
}

export function backupReport(file: string, bytes: number): string {
  return `${file}: ${sized(bytes)}, the store as it is now.\n`;
}

export function compactReport(folder: string, { readings, bytes, damagedBlocks }: Compacted): string {
  const each = readings === 0 ? '' : `, ${(bytes / readings).toFixed(1)} bytes a reading`;
  const aside =
    damagedBlocks === 0
      ? ''
      : `${counted(damagedBlocks, 'block')} could not be read whole, and ${damagedBlocks === 1 ? 'is' : 'are'} set aside.\n`;
  return `${folder}: ${counted(readings, 'reading')} in ${sized(bytes)}${each}.\n${aside}`;
}

function sized(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function listed(problems: readonly string[]): string {
  const lines = problems.slice(0, linesMax).map((problem) => `  ${problem}\n`);
  const more = problems.length - lines.length;
  return lines.join('') + (more > 0 ? `  and ${more} more; --json has all\n` : '');
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
