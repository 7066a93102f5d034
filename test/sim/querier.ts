import type { Store } from '../../src/store/contract.ts';
import { contentOf, labelOf, type Ledger } from './ledger.ts';
import type { Process } from './process.ts';
import type { Stage } from './stage.ts';

const everyMs = { from: 2_000, to: 20_000 };
/** Of the steps in which counts are asked for: a roll-up's, and one that none makes. */
const stepsMs = [60_000, 90_000] as const;

/** Asks the store for all of one unit, again and again, while it stores, moves and merges: each reading that was stored before the question is in the answer, once. */
export class Querier {
  readonly #stage: Stage;
  readonly #process: Process;
  readonly #store: Pick<Store, 'query' | 'steps'>;
  readonly #ledger: Ledger;

  constructor(
    { stage, process, ledger }: { readonly stage: Stage; readonly process: Process; readonly ledger: Ledger },
    store: Pick<Store, 'query' | 'steps'>,
  ) {
    this.#stage = stage;
    this.#process = process;
    this.#ledger = ledger;
    this.#store = store;
  }

  start(): void {
    const { random, timeline } = this.#stage;
    timeline.after(random.between(everyMs.from, everyMs.to), () => {
      if (!this.#process.alive) return;
      const units = [...this.#ledger.units()];
      if (units.length === 0) {
        this.start();
        return;
      }
      const clientId = random.pick(units);
      const asked = random.chance(0.3) ? this.#count(clientId) : this.#readAll(clientId);
      // A server that dies, or a disk that is ill, answers nothing.
      void asked.catch(() => undefined).then(() => this.start());
    });
  }

  async #readAll(clientId: string): Promise<void> {
    const before = new Map(this.#ledger.labelled(clientId));
    const found = new Set<string>();
    let time = Number.NEGATIVE_INFINITY;
    for await (const { reading } of this.#store.query({ clientId, fromMs: -Infinity, toMs: Infinity })) {
      this.#stage.check(reading.time >= time, () => `a query answers ${reading.time} behind ${time}`);
      time = reading.time;
      const { epoch, seq } = reading;
      if (epoch === undefined || seq === undefined) continue;
      const label = labelOf(clientId, epoch, seq);
      this.#stage.check(!found.has(label), () => `a query answers ${label} twice`);
      this.#stage.check(
        contentOf(reading) === this.#ledger.content(label),
        () => `a query answers ${label} as ${contentOf(reading)}`,
      );
      found.add(label);
      before.delete(label);
    }
    const [missing] = before.keys();
    this.#stage.check(missing === undefined, () => `a query leaves out ${missing} and ${before.size - 1} more`);
    this.#stage.record(`a query answers ${found.size} readings`);
  }

  /** What is counted is no less than what was stored before, and no more than what is stored after. */
  async #count(clientId: string): Promise<void> {
    const least = this.#ledger.countOf(clientId);
    const counted = new Map<string, number>();
    const stepMs = this.#stage.random.pick(stepsMs);
    for await (const { sensor, id, values } of this.#store.steps({
      clientId,
      fromMs: -Infinity,
      toMs: Infinity,
      stepMs,
    })) {
      for (const [name, { count }] of Object.entries(values)) {
        const value = `${sensor} ${id} ${name}`;
        counted.set(value, (counted.get(value) ?? 0) + count);
      }
    }
    const most = this.#ledger.countOf(clientId);
    for (const [value, count] of least) {
      const [has, may] = [counted.get(value) ?? 0, most.get(value) ?? 0];
      this.#stage.check(
        has >= count && has <= may,
        () => `${clientId} ${value}: ${has} counted, of ${count} to ${may}`,
      );
    }
    this.#stage.record(`a query counts ${counted.size} values`);
  }
}
