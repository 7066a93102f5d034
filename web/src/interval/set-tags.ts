import type { FleetRow } from '../../../src/api/contract.ts';
import { hub } from '../hub.ts';
import { changedTags, type TagChanges } from './tag-changes.ts';

export interface TagsProgress {
  readonly all: number;
  /** Taken or refused. */
  readonly done: number;
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

/** A browser opens six connections to a server, and the page needs two. */
const atOnceMax = 4;
/** Where a server is gone, each of a thousand units would say the same. */
const refusedMax = 20;

/** Changes the tags of units that the changes change, a few at once, and tells how far it is. Stops after 20 refusals. Resolves at the end. */
export async function setTagsOf(
  rows: readonly FleetRow[],
  changes: TagChanges,
  tell: (progress: TagsProgress) => void,
): Promise<void> {
  const wishes = rows.flatMap((row) => {
    const tags = changedTags(row.tags, changes);
    return tags === undefined ? [] : [{ row, tags }];
  });
  const refused: { name: string; reason: string }[] = [];
  let done = 0;
  const queue = wishes.values();
  tell({ all: wishes.length, done, refused });
  const work = async (): Promise<void> => {
    for (const { row, tags } of queue) {
      if (refused.length >= refusedMax) return;
      try {
        await hub.setTags(row.client_id, tags);
      } catch (error) {
        refused.push({ name: row.name, reason: error instanceof Error ? error.message : String(error) });
      }
      done += 1;
      tell({ all: wishes.length, done, refused: [...refused] });
    }
  };
  await Promise.all(Array.from({ length: atOnceMax }, work));
  // Stopped or through: nothing is under way any more.
  if (done < wishes.length) tell({ all: done, done, refused: [...refused] });
}
