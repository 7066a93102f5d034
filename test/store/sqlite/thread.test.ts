import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { WriterReply, WriterRequest } from '../../../src/store/sqlite/messages.ts';
import { Packer } from '../../../src/store/sqlite/packer.ts';
import { Thread } from '../../../src/store/sqlite/thread.ts';
import { temporaryFolder } from '../opened.ts';
import { readings } from '../samples.ts';

const unpacked = { fresh: true, words: undefined, bytes: new Uint8Array() };

test('a thread that died of a fault of our own says so, and the next request begins another', async () => {
  const folder = join(temporaryFolder(), 'store');
  const workerData = { folder, retentionMs: {}, budgetBytes: undefined };
  const thread = new Thread<WriterRequest, WriterReply>({ start: 'writer-thread', workerData });
  onTestFinished(async () => {
    await thread.request({ type: 'close' });
    await thread.ended();
  });
  const append = (bytes?: Uint8Array<ArrayBuffer>) => {
    const [{ fresh, words, ...packed } = unpacked] = new Packer().pack(readings(1, 3), 0);
    const blocks = [{ fresh, words, bytes: bytes ?? packed.bytes }];
    return thread.request({
      type: 'append',
      batch: { storedMs: 0, blocks, units: [], gaps: [], machines: [], tokens: [] },
    });
  };
  expect(await append()).toEqual({ type: 'written', written: { duplicates: [], dropped: [] } });

  const outcomes = await Promise.allSettled([append(new Uint8Array(3)), append()]);
  const died = {
    status: 'rejected',
    reason: expect.objectContaining({ message: expect.stringContaining('invariant broken') }),
  };
  expect(outcomes).toEqual([died, died]);

  // It owns the store again, and knows what is stored.
  expect(await append()).toEqual({ type: 'written', written: { duplicates: [0, 1, 2], dropped: [] } });
});
