import type { JSX } from 'preact';
import { historyMs, type RateHistory } from './rate-history.ts';
import { perSecond } from './figures-words.ts';
import { sparkPath } from './spark-path.ts';

const [width, height] = [300, 48];

/** The readings a second of the last five minutes, as far as this page has looked. */
export function ReadingsSpark({
  history,
  nowMs,
}: {
  readonly history: RateHistory;
  readonly nowMs: number;
}): JSX.Element {
  const stretches = history.rates.map(({ fromMs, toMs, readingsPerSecond: value }) => ({ fromMs, toMs, value }));
  const values = stretches.map(({ value }) => value);
  const top = Math.max(1, ...values);
  const told =
    values.length === 0
      ? 'Nothing yet: the line begins when two reports have come.'
      : `From ${perSecond(Math.min(...values))} to ${perSecond(Math.max(...values))} readings a second.`;
  return (
    <figure class="server-spark">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={told}>
        <path
          d={sparkPath(stretches, { fromMs: nowMs - historyMs, toMs: nowMs, width, height, top })}
          vector-effect="non-scaling-stroke"
        />
      </svg>
      <figcaption class="quiet">5 minutes, up to {perSecond(top)} a second. What this page has seen.</figcaption>
    </figure>
  );
}
