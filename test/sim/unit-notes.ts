import { textOfTags } from '../../src/core/tags.ts';
import type { UnitEventRecord } from '../../src/core/unit-event.ts';
import type { UnitRecord } from '../../src/core/unit.ts';
import type { Batch } from '../../src/store/contract.ts';

/** What one disk holds of units beside their readings, counted apart from the store under test: what happened to them, and their tags. */
export class UnitNotes {
  /** By unit, once each. */
  readonly #events = new Map<string, Set<string>>();
  readonly #tags = new Map<string, string>();

  commit({ units, events = [] }: Batch): void {
    for (const { clientId, tags = {} } of units) this.#tags.set(clientId, textOfTags(tags));
    for (const event of events) {
      const known = this.#events.get(event.clientId) ?? new Set();
      this.#events.set(event.clientId, known.add(textOf(event)));
    }
  }

  /** As text, as they were stored last. */
  tagsOf(clientId: string): string {
    return this.#tags.get(clientId) ?? '';
  }

  /** What of this is not on the disk, or is there and should not be. */
  faultIn(
    units: readonly UnitRecord[],
    eventsOf: (clientId: string) => { readonly events: readonly UnitEventRecord[]; readonly damaged: number },
  ): string | undefined {
    for (const { clientId, tags = {} } of units) {
      const [held, stored] = [textOfTags(tags), this.tagsOf(clientId)];
      if (held !== stored) return `the tags of ${clientId} are ${held} on the disk, and ${stored} were stored`;
    }
    for (const [clientId, stored] of this.#events) {
      const held = eventsOf(clientId).events.map(textOf);
      const twice = held.find((event, index) => held.indexOf(event) !== index);
      if (twice !== undefined) return `what happened to ${clientId} is on the disk twice: ${twice}`;
      const missing = [...stored].find((event) => !held.includes(event));
      if (missing !== undefined) return `what happened to ${clientId} is not on the disk: ${missing}`;
      if (held.length !== stored.size) return `more happened to ${clientId} than was ever stored`;
    }
    return undefined;
  }
}

function textOf({ timeMs, event, details }: UnitEventRecord): string {
  return JSON.stringify([timeMs, event, details]);
}
