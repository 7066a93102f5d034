import type { UnitReading } from '../core/reading.ts';
import type { ReadingForm } from './reading-forms.ts';

/** Readings as text, in pieces of about `charactersMax`: the last reading of a piece may pass it. */
export async function* chunksOf(
  readings: AsyncIterable<UnitReading> | Iterable<UnitReading>,
  form: ReadingForm,
  charactersMax: number,
): AsyncGenerator<string> {
  let chunk = form.head;
  let separator = '';
  for await (const reading of readings) {
    chunk += separator + form.write(reading);
    separator = form.between;
    if (chunk.length < charactersMax) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk + form.tail !== '') yield chunk + form.tail;
}
