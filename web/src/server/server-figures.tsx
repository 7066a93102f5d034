import type { JSX } from 'preact';
import type { ServerReport, UnitState } from '../../../src/api/contract.ts';
import { bytes, count } from '../format/quantities.ts';
import { StateBadge } from '../ui/state-badge.tsx';
import { Figure } from './figure.tsx';
import { cores, latency, perSecond } from './figures-words.ts';
import type { RateHistory } from './rate-history.ts';
import { ReadingsSpark } from './spark.tsx';

const states: readonly UnitState[] = ['online', 'late', 'lost', 'disconnected'];

/** What the server does at this moment. */
export function ServerFigures({
  report,
  history,
}: {
  readonly report: ServerReport;
  readonly history: RateHistory;
}): JSX.Element {
  const { readings, commits, last_minute: minute, connections, units, process } = report;
  const { now } = history;
  return (
    <div class="server-figures">
      <Figure label="Readings a second" value={perSecond(now?.readingsPerSecond ?? minute.readings_per_second)}>
        <ReadingsSpark history={history} nowMs={Date.parse(report.time)} />
        <p class="quiet">{perSecond(minute.readings_per_second)} over the last minute.</p>
      </Figure>
      <Figure label="Acknowledgement, half are below" value={latency(minute.acknowledgement_p50_seconds)}>
        <p>
          {minute.acknowledgement_p99_seconds === null
            ? 'Nothing was acknowledged.'
            : `99 of 100 are below ${latency(minute.acknowledgement_p99_seconds)}.`}
        </p>
        <p class="quiet">The last minute, from the arrival of a reading until it is stored and answered.</p>
      </Figure>
      <Figure label="Connections" value={count(connections)}>
        <ul class="server-states">
          {states.map((state) => (
            <li key={state}>
              <StateBadge state={state} /> {count(units[state])}
            </li>
          ))}
        </ul>
      </Figure>
      <Figure label="Waiting to be stored" value={count(readings.waiting)}>
        <p class="quiet">Readings that are taken in, and are acknowledged with the next commit.</p>
      </Figure>
      <Figure label="Stored since the start" value={count(readings.stored)}>
        <p>{count(readings.duplicates)} came again, and were not stored again.</p>
        <p>{count(readings.refused)} were no readings, and were refused.</p>
      </Figure>
      <Figure label="Commits failed" value={count(commits.failed)} grave={commits.failed > 0}>
        <p>
          {count(commits.stored)} done{now === undefined ? '.' : `, ${perSecond(now.commitsPerSecond)} a second.`}
        </p>
      </Figure>
      <Figure label="Memory and processor" value={bytes(process.resident_bytes)}>
        <p>
          {now === undefined ? 'The processor is measured from the second report on.' : `${cores(now.cores)} in use.`}
        </p>
      </Figure>
    </div>
  );
}
