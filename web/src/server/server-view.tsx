import type { JSX } from 'preact';
import type { ServerReport } from '../../../src/api/contract.ts';
import '../admin/admin.css';
import { Answered } from '../admin/answered.tsx';
import { useAsked } from '../admin/use-asked.ts';
import { hub } from '../hub.ts';
import { When } from '../ui/when.tsx';
import { RateHistory } from './rate-history.ts';
import { ServerFigures } from './server-figures.tsx';
import { ServerStore } from './server-store.tsx';
import { ServerTroubles } from './server-troubles.tsx';
import './server.css';

const everyMs = 2_000;
/** An answer that takes longer is none. */
const answerMsMax = 10_000;

/** Of this page, whatever view it shows. */
const history = new RateHistory();

async function load(signal: AbortSignal): Promise<ServerReport> {
  const report = await hub.server(AbortSignal.any([signal, AbortSignal.timeout(answerMsMax)]));
  history.take(report);
  return report;
}

/** The server itself. */
export function ServerView(): JSX.Element {
  const report = useAsked(load, everyMs);
  const answer = report.answer.value;
  const old = answer.name === 'answered' && answer.fault !== undefined;
  return (
    <section class="admin-view">
      <h1 class="admin-title" tabIndex={-1}>
        Server
      </h1>
      <Answered of={report}>
        {(now) => (
          <div class={old ? 'server-report server-old' : 'server-report'}>
            <Readiness report={now} />
            <p class="quiet">
              telemetry-server {now.version}, running since <When ms={Date.parse(now.started)} />.
            </p>
            <ServerFigures report={now} history={history} />
            <ServerStore store={now.store} />
            <ServerTroubles troubles={now.troubles} />
          </div>
        )}
      </Answered>
    </section>
  );
}

/** Whether it can do its work, and what a person should know of it. */
function Readiness({ report: { ready, problems, notes } }: { readonly report: ServerReport }): JSX.Element {
  return (
    <div class="server-part" role="status">
      {ready && problems.length === 0 && <p class="notice">It is ready, and does its work.</p>}
      {!ready && problems.length === 0 && <p class="notice bad">It is not ready.</p>}
      {problems.map((problem) => (
        <p key={problem} class="notice bad">
          {problem}
        </p>
      ))}
      {notes.map((note) => (
        <p key={note} class="notice warn">
          {note}
        </p>
      ))}
    </div>
  );
}
