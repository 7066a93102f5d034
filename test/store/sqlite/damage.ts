import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Overwrites bytes of the database where this text or these bytes first stand. Returns where that was. */
export function damageAt(folder: string, needle: string | Uint8Array, replacement: Uint8Array): number {
  const file = join(folder, 'telemetry.db');
  const place = readFileSync(file).indexOf(needle);
  if (place < 0) throw new Error('the database does not have what is to be damaged');
  overwrite(folder, place, replacement);
  return place;
}

export function overwrite(folder: string, place: number, bytes: Uint8Array): void {
  const descriptor = openSync(join(folder, 'telemetry.db'), 'r+');
  writeSync(descriptor, bytes, 0, bytes.length, place);
  closeSync(descriptor);
}

/** Flips a bit. */
export function flip(folder: string, place: number): void {
  const descriptor = openSync(join(folder, 'telemetry.db'), 'r+');
  const byte = new Uint8Array(1);
  readSync(descriptor, byte, 0, 1, place);
  writeSync(descriptor, Uint8Array.of((byte[0] ?? 0) ^ 4), 0, 1, place);
  closeSync(descriptor);
}

/** The bytes of a reading's time as they lie in a block. */
export function bytesOf(value: number): Uint8Array {
  return new Uint8Array(Float64Array.of(value).buffer);
}

/** Runs SQL on the closed database. */
export function change(folder: string, sql: string): void {
  const database = new DatabaseSync(join(folder, 'telemetry.db'), { defensive: false });
  database.exec(sql);
  database.close();
}
