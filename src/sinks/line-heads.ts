import { jsonText } from './visible-text.ts';

/** What is the same in all lines of one unit's run. */
interface Head {
  readonly unit: string;
  readonly epochNumber: string | undefined;
  /** From the unit to where the sensor's name belongs. */
  readonly head: string;
  /** With its comma; empty where there is none. */
  readonly epoch: string;
}

/** So many units are remembered; a larger fleet begins anew now and then, which costs it what each line would without this. */
const headsMax = 16_384;

/**
 * Remembers the beginning of each unit's lines: one look in place of one for each of its names, which with thousands of units are no longer in
 * the processor's cache.
 */
export class LineHeads {
  readonly #heads = new Map<string, Head>();

  of(unit: string, clientId: string, epoch: string | undefined): Head {
    const known = this.#heads.get(clientId);
    if (known?.unit === unit && known.epochNumber === epoch) return known;
    const head: Head = {
      unit,
      epochNumber: epoch,
      head: `${jsonText(unit)},"client_id":${jsonText(clientId)},"sensor":`,
      epoch: epoch === undefined ? '' : `,"epoch":${jsonText(epoch)}`,
    };
    if (this.#heads.size >= headsMax && known === undefined) this.#heads.clear();
    this.#heads.set(clientId, head);
    return head;
  }
}
