/**
 * Readers of the fleet's stream that take what they are told and forget it: what many open pages are to a server. Its parent gives the plan as its argument, hears when each of them has
 * been told something, and is answered with what each was told.
 */
import { get } from 'node:http';
import type { ReadersPlan } from './stream-readers.ts';

const { httpPort, readers } = JSON.parse(process.argv[2] ?? '') as ReadersPlan;
const told = Array.from({ length: readers }, () => 0);

for (const reader of told.keys()) {
  get({ host: '127.0.0.1', port: httpPort, path: '/api/v1/fleet/stream', agent: false }, (response) => {
    if (response.statusCode !== 200) throw new Error(`the stream was answered with ${response.statusCode}`);
    response.on('data', (bytes: Buffer) => take(reader, bytes.length));
    response.on('end', () => {
      throw new Error('the server ended the stream');
    });
  });
}

function take(reader: number, bytes: number): void {
  const isFirst = told[reader] === 0;
  told[reader] = (told[reader] ?? 0) + bytes;
  if (isFirst && told.every((count) => count > 0)) process.send?.(told);
}

process.on('message', () => process.send?.(told));
process.on('disconnect', () => process.exit());
