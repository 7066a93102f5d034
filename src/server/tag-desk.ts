import type { Log } from '../core/log.ts';
import { textOfTags, whyBadTags, type Tags } from '../core/tags.ts';
import type { UnitRecord } from '../core/unit.ts';
import type { TagsOutcome } from './contract.ts';
import type { Intake } from './intake.ts';
import type { OwnedReading, Unit } from './unit.ts';
import { unawaited } from './waiter.ts';

export interface TagDeskOptions {
  readonly intake: Pick<Intake<OwnedReading>, 'addUnit'>;
  readonly report: Log;
}

/** Of a unit whose tags are on their way to the store. */
interface UnderWay {
  /** What the store last said that it has. */
  stored: Tags;
  changes: number;
}

/**
 * Puts tags on units. A unit has them at once, so that whatever else is stored of it meanwhile says the same; where the store does not take them it has those again that the store
 * last took.
 */
export class TagDesk {
  readonly #options: TagDeskOptions;
  readonly #underWay = new Map<Unit, UnderWay>();
  /** The store may have other tags of them: a commit that failed may be on the disk all the same. */
  readonly #doubtful = new Set<Unit>();

  constructor(options: TagDeskOptions) {
    this.#options = options;
  }

  setTags(unit: Unit, wanted: Tags): Promise<TagsOutcome> {
    const reason = whyBadTags(wanted);
    if (reason !== undefined) return Promise.resolve({ type: 'bad-tags', reason });
    // What the caller does with its object is no change of ours.
    const tags = { ...wanted };
    const underWay = this.#underWay.get(unit) ?? { stored: unit.record.tags ?? {}, changes: 0 };
    this.#underWay.set(unit, underWay);
    underWay.changes += 1;
    unit.record = tagged(unit.record, tags);
    return new Promise((resolve) => {
      this.#options.intake.addUnit(unit.record, {
        stored: () => {
          const former = underWay.stored;
          underWay.stored = tags;
          this.#settled(unit, underWay);
          this.#tell(unit, former, tags);
          resolve({ type: 'done', unit: unit.view() });
        },
        failed: () => {
          // Later changes, where there are any, have failed with it.
          unit.record = tagged(unit.record, underWay.stored);
          this.#doubtful.add(unit);
          this.#settled(unit, underWay);
          resolve({ type: 'store-unavailable' });
        },
      });
    });
  }

  /** The store takes again what comes: it is told what holds. */
  retry(): void {
    const units = [...this.#doubtful];
    this.#doubtful.clear();
    for (const unit of units) {
      // One that the store never took is not there any more.
      if (!unit.isKept) continue;
      this.#options.intake.addUnit(unit.record, { ...unawaited, failed: () => void this.#doubtful.add(unit) });
    }
  }

  #settled(unit: Unit, underWay: UnderWay): void {
    underWay.changes -= 1;
    if (underWay.changes === 0) this.#underWay.delete(unit);
  }

  #tell(unit: Unit, former: Tags, tags: Tags): void {
    const [before, after] = [textOfTags(former), textOfTags(tags)];
    if (before === after) return;
    this.#options.report('info', 'tags-changed', {
      unit: unit.name,
      client_id: unit.clientId,
      tags: after,
      former: before,
    });
  }
}

function tagged(record: UnitRecord, tags: Tags): UnitRecord {
  const { tags: _former, ...others } = record;
  return Object.keys(tags).length === 0 ? others : { ...others, tags };
}
