import type { JSX } from 'preact';
import type { IntervalsOutcome } from '../../../src/api/contract.ts';
import { fleet } from '../live/fleet.ts';
import { count } from '../format/quantities.ts';
import { intervalWords } from './interval-words.ts';
import { progressOf } from './interval-progress.ts';

/** Longer lists are not read; the fleet itself shows each unit. */
const namedMax = 50;

/** What became of a wish for another interval: it grows truer as units confirm. */
export function IntervalOutcome({ outcome }: { readonly outcome: IntervalsOutcome }): JSX.Element {
  // Read for its signal: the rows are in a map.
  void fleet.structure.value;
  const { accepted, refused } = outcome;
  const { confirmed, assumed, waiting } = progressOf(accepted, fleet.rows);
  const isDone = waiting.length === 0 && refused.length === 0;
  return (
    <div class={`notice interval-outcome${refused.length > 0 ? ' bad' : ''}`}>
      <p role="status">
        {[
          ...(confirmed > 0 ? [`${count(confirmed)} confirmed`] : []),
          ...(assumed > 0 ? [`${count(assumed)} assumed`] : []),
          ...(waiting.length > 0 ? [`${count(waiting.length)} sending`] : []),
          ...(refused.length > 0 ? [`${count(refused.length)} refused`] : []),
        ].join(', ')}
        {isDone && accepted.length > 0 ? '. Done.' : ''}
      </p>
      <ul>
        {refused.slice(0, namedMax).map(({ client_id: clientId, detail }) => (
          <li key={clientId}>
            <strong>{fleet.rows.get(clientId)?.name ?? clientId}</strong>: {detail}
          </li>
        ))}
        {waiting.slice(0, namedMax).map(({ name, interval }) => (
          <li key={`waiting ${name}`}>
            {name}: {intervalWords(interval)}
          </li>
        ))}
        <More count={Math.max(0, refused.length - namedMax) + Math.max(0, waiting.length - namedMax)} />
      </ul>
    </div>
  );
}

function More({ count: left }: { readonly count: number }): JSX.Element | null {
  return left === 0 ? null : <li class="quiet">and {count(left)} more</li>;
}
