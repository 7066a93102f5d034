import type { AnswerForm } from './answer-form.ts';

/** The items of an answer as text, in pieces of about `charactersMax`: the last item of a piece may pass it. */
export async function* chunksOf<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  form: AnswerForm<Item>,
  charactersMax: number,
): AsyncGenerator<string> {
  let chunk = form.head;
  let separator = '';
  for await (const item of items) {
    chunk += separator + form.write(item);
    separator = form.between;
    if (chunk.length < charactersMax) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk + form.tail !== '') yield chunk + form.tail;
}
