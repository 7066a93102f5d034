import type { UnitView } from '../../src/core/unit.ts';
import { parseExposition, type ParsedFamily } from './exposition-text.ts';
import { FakeFacts } from './fake-facts.ts';
import { FakeHub, ManualClock, serve } from './fake-hub.ts';

export interface Scraped {
  readonly families: ReadonlyMap<string, ParsedFamily>;
  /** The value of a series, as the answer writes it; undefined where it has none. */
  readonly value: (series: string) => number | undefined;
  /** All series of a family. */
  readonly series: (family: string) => readonly string[];
}

/** What a scrape of a fleet of these units says, so long after `startMs`. */
export async function scrapeUnits(
  units: readonly UnitView[],
  { query = '', afterMs = 0 }: { readonly query?: string; readonly afterMs?: number } = {},
): Promise<Scraped> {
  const clock = new ManualClock();
  await using api = await serve({ hub: new FakeHub(...units), facts: new FakeFacts(), clock });
  clock.pass(afterMs);
  return await scrape(`${api.url}/metrics${query}`);
}

export async function scrape(url: string): Promise<Scraped> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  const families = parseExposition(await response.text());
  return {
    families,
    value: (series) => families.get(series.replace(/\{.*$/s, ''))?.samples.get(series),
    series: (family) => [...(families.get(family)?.samples.keys() ?? [])],
  };
}
