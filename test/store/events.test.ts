import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import type { UnitEventRecord } from '../../src/core/unit-event.ts';
import type { Directory, Store } from '../../src/store/contract.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { opened } from './opened.ts';
import { eventRecord, foundSeqs, readings, unitRecord } from './samples.ts';

const stores: readonly { readonly name: string; readonly open: () => Promise<Store & Directory> }[] = [
  { name: 'the store in memory', open: async () => new MemoryStore() },
  { name: 'the store on disk', open: async () => (await opened()).store },
];

const nothing = { units: [], readings: [] };

function all(store: Directory, clientId = 'u'): Promise<readonly UnitEventRecord[]> {
  return store.events(clientId, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
}

describe.each(stores)('$name', ({ open }) => {
  test('gives back what happened to a unit, oldest first, and of one time as it came', async () => {
    const store = await open();
    const details = { text: 'ünï "code"\u2028', count: -0.5, yes: true, none: null };
    const came = [
      eventRecord(20, { event: 'z' }),
      eventRecord(20, { event: 'a', details }),
      eventRecord(20, { event: 'z', details: {} }),
      eventRecord(10),
      eventRecord(15, { clientId: 'U' }),
    ];
    const [first, second, third, earliest, others] = came;
    await store.append({ ...nothing, events: came.slice(0, 2) });
    await store.append({ ...nothing, events: came.slice(2) });
    expect(await all(store)).toEqual([earliest, first, second, third]);
    expect(await all(store, 'U')).toEqual([others]);
    expect(await all(store, 'nobody')).toEqual([]);
  });

  test('takes the first bound of time in and leaves the last out', async () => {
    const store = await open();
    await store.append({ ...nothing, events: [1, 2, 3, 4].map((timeMs) => eventRecord(timeMs)) });
    const times = async (fromMs: number, toMs: number): Promise<number[]> =>
      (await store.events('u', fromMs, toMs)).map(({ timeMs }) => timeMs);
    expect(await times(2, 4)).toEqual([2, 3]);
    expect(await times(4, 2)).toEqual([]);
    expect(await times(3, 3)).toEqual([]);
    expect(await times(Number.NaN, Number.NaN)).toEqual([]);
  });

  test('keeps what comes again once, be it in one batch, in the next, or behind later ones', async () => {
    const store = await open();
    const [one, same, other] = [eventRecord(7), eventRecord(7), eventRecord(7, { details: { peer: '192.0.2.8' } })];
    await store.append({ ...nothing, events: [one, other, same] });
    await store.append({ ...nothing, events: [eventRecord(8), one, other] });
    await store.append({ ...nothing, events: [same] });
    expect(await all(store)).toEqual([one, other, eventRecord(8)]);
  });

  test('keeps the newest of a unit, however they come, and nothing less of others', async () => {
    const store = await open();
    const most = limits.eventsAUnitMax;
    const events = Array.from({ length: most + 300 }, (_, index) => eventRecord(1_000 + index));
    await store.append({ ...nothing, events: [eventRecord(1, { clientId: 'v' })] });
    await store.append({ ...nothing, events: events.slice(0, 900) });
    for (const event of events.slice(900, 1_000)) await store.append({ ...nothing, events: [event] });
    await store.append({ ...nothing, events: events.slice(1_000) });
    // Older than all that are left.
    await store.append({ ...nothing, events: [eventRecord(5)] });
    expect((await all(store)).map(({ timeMs }) => timeMs)).toEqual(events.slice(-most).map(({ timeMs }) => timeMs));
    expect(await all(store, 'v')).toHaveLength(1);
  });

  test('keeps them with the readings and units of their batch', async () => {
    const store = await open();
    await store.append({ readings: readings(1, 2), units: [unitRecord('u')], events: [eventRecord(3)] });
    expect([await foundSeqs(store), await store.units(), await all(store)]).toEqual([
      [1, 2],
      [unitRecord('u')],
      [eventRecord(3)],
    ]);
  });

  test('keeps the tags of units, and that there are none', async () => {
    const store = await open();
    const tagged = unitRecord('u', { tags: { place: 'on the roof', constructor: 'ACME', 'x.y-z_1': '"7"' } });
    await store.append({ readings: [], units: [tagged, unitRecord('v', { tags: {} })] });
    expect(await store.units()).toEqual([tagged, unitRecord('v', { tags: {} })]);
    await store.append({ readings: [], units: [unitRecord('u')] });
    expect(await store.units()).toEqual([unitRecord('u'), unitRecord('v', { tags: {} })]);
  });

  test('answers like a list that is sorted and cut', { timeout: 60_000 }, async () => {
    const event = fc.record({
      clientId: fc.constantFrom('u', 'v'),
      timeMs: fc.integer({ min: 0, max: 9 }),
      event: fc.constantFrom('lost', 'registered'),
      details: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom(1, 'x', true, null), { noNullPrototype: true }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(event, { maxLength: 6 }), { maxLength: 6 }), async (batches) => {
        const store = await open();
        for (const events of batches) await store.append({ ...nothing, events });
        const key = (one: UnitEventRecord): string =>
          JSON.stringify([one.timeMs, one.event, Object.entries(one.details)]);
        for (const clientId of ['u', 'v']) {
          const came = batches.flat().filter((one) => one.clientId === clientId);
          const once = [...new Map(came.toReversed().map((one) => [key(one), one])).values()].toReversed();
          const first = came.filter((one, index) => came.findIndex((same) => key(same) === key(one)) === index);
          expect(once).toHaveLength(first.length);
          expect(await all(store, clientId)).toEqual(first.toSorted((a, b) => a.timeMs - b.timeMs));
        }
      }),
      { numRuns: 12 },
    );
  });
});
