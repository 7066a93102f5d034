import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';

export interface Pace {
  readonly clock: Clock;
  /** How long the reader may take for one chunk, in milliseconds. */
  readonly stalledMsMax: number;
}

/**
 * Writes an answer as fast as its reader takes it, a chunk at a time, and lets the event loop turn between two. A reader that takes nothing for `stalledMsMax` is
 * cut off. Returns when all is written, or the reader has gone.
 */
export async function writePaced(
  response: ServerResponse,
  chunks: AsyncIterable<string | Uint8Array>,
  { clock, stalledMsMax }: Pace,
): Promise<void> {
  for await (const chunk of chunks) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await takenWithin('drain');
    await nextTurn();
  }
  if (response.destroyed) return;
  response.end();
  if (!response.writableFinished) await takenWithin('finish');

  async function takenWithin(event: 'drain' | 'finish'): Promise<void> {
    const taken = Promise.withResolvers<void>();
    const done = (): void => taken.resolve();
    const cancel = clock.after(stalledMsMax, () => response.destroy());
    response.once(event, done).once('close', done);
    // It may have gone before anybody listened.
    if (response.destroyed) done();
    await taken.promise;
    cancel();
    response.off(event, done).off('close', done);
  }
}
