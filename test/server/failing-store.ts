import type { Batch } from '../../src/store/contract.ts';
import { MemoryStore } from '../../src/store/memory.ts';

/** A store that fails when it is told to, be it without having stored anything or with all of it. */
export class FailingStore extends MemoryStore {
  fails: 'no' | 'before' | 'after' = 'no';

  override async append(batch: Batch): ReturnType<MemoryStore['append']> {
    const { fails } = this;
    if (fails === 'before') throw new Error('the disk is full');
    const appended = await super.append(batch);
    if (fails === 'after') throw new Error('the disk does not answer');
    return appended;
  }
}
