import type { PageSnapshot, UnitSnapshot } from '../../../src/api/page-snapshot.ts';
import type { Source } from '../source.ts';

/** Answers from what is in the page. A span that reaches beyond it has what there is. */
export function snapshotSource({ trails, unit }: PageSnapshot): Source {
  const about = (clientId: string): Promise<UnitSnapshot> =>
    unit?.view.client_id === clientId
      ? Promise.resolve(unit)
      : Promise.reject(new Error('This page was written without the charts of this unit.'));
  return {
    trails: () => Promise.resolve(trails),
    unit: async (clientId) => (await about(clientId)).view,
    history: async (clientId, { sensor, id }) =>
      (await about(clientId)).history.filter(
        (step) => (sensor === undefined || step.sensor === sensor) && (id === undefined || step['id'] === id),
      ),
    gaps: async (clientId) => (await about(clientId)).gaps,
    events: async (clientId) => (await about(clientId)).events,
  };
}
