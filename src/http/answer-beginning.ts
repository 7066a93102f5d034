import { chunksOf } from './answer-chunks.ts';
import type { AnswerForm } from './answer-form.ts';

/** An answer whose first item is there: until then a failure can still be told. */
export interface Beginning {
  readonly isEmpty: boolean;
  readonly contentType: string;
  readonly chunks: AsyncIterable<string>;
}

/** Waits for the first of the items. */
export async function begun<Item>(
  items: AsyncIterable<Item>,
  form: AnswerForm<Item>,
  charactersMax: number,
): Promise<Beginning> {
  const iterator = items[Symbol.asyncIterator]();
  const first = await iterator.next();
  const { contentType } = form;
  if (first.done === true) return { isEmpty: true, contentType, chunks: chunksOf([], form, charactersMax) };
  const all = (async function* () {
    try {
      yield first.value;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  })();
  return { isEmpty: false, contentType, chunks: chunksOf(all, form, charactersMax) };
}

export async function holdsNothing(items: AsyncIterable<unknown>): Promise<boolean> {
  const iterator = items[Symbol.asyncIterator]();
  const { done } = await iterator.next();
  await iterator.return?.();
  return done === true;
}
