import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import type { MachineView } from '../../../src/api/contract.ts';
import type { NewJoinToken } from '../../../src/api/hub-client.ts';
import { count } from '../format/quantities.ts';
import { hub } from '../hub.ts';
import { hrefOf } from '../shell/address.ts';
import { When } from '../ui/when.tsx';
import { CopiedLine } from './copied-line.tsx';
import { host, HostField, hostIsKnown } from './host-field.tsx';
import { joinLine } from './join-line.ts';
import { joinWatch } from './join-watch.ts';
import { useAsked } from './use-asked.ts';
import { useNews } from './use-news.ts';

/** The token that was made last: it stays while the page is open, so that it can be copied after a look at another view, until somebody is done with it. */
export const made = signal<NewJoinToken | undefined>(undefined);

export function MadeLine({ token }: { readonly token: NewJoinToken }): JSX.Element {
  const { place, uses_max: uses, expires } = token;
  return (
    <div class="card admin-section">
      <h3>The join line</h3>
      {place === null ? (
        <p class="notice bad">
          The token was made, but nobody can use it: this server has no TLS listener. Start it with{' '}
          <code>--listen tls://[::]:34568</code> besides its other listeners, then make another.
        </p>
      ) : (
        <>
          <HostField />
          {hostIsKnown() && (
            <>
              <p>Run it on the machine, as the user that the client will run as; then start telemetry-client there.</p>
              <CopiedLine text={joinLine({ host: host.value, ...place, token: token.token })} what="the join line" />
            </>
          )}
          <p class="quiet">
            It is shown only here and now: the server keeps no copy that could be shown again. Good for{' '}
            {uses === 1 ? 'one machine' : `${count(uses)} machines`} until <When ms={Date.parse(expires)} />.
          </p>
          <Progress key={token.id} token={token} />
        </>
      )}
      <div class="admin-buttons">
        <button
          type="button"
          onClick={() => {
            made.value = undefined;
          }}
        >
          Done
        </button>
      </div>
    </div>
  );
}

const namesMax = 20;

/** Who has joined by it, as it happens. */
function Progress({ token: { id, uses_max: usesMax } }: { readonly token: NewJoinToken }): JSX.Element {
  const progress = useAsked(joinWatch(hub, id), 2_000);
  useNews(progress, ['join-token-']);
  const answer = progress.answer.value;
  const { token, joined } = answer.name === 'answered' ? answer.value : { token: undefined, joined: [] };
  const waits = token === undefined || token.state === 'valid';
  return (
    <div role="status" class="admin-joined">
      {joined.slice(0, namesMax).map((machine) => (
        <p key={machine.client_id} class="notice">
          <Joined machine={machine} />
        </p>
      ))}
      {joined.length > namesMax && <p>And {count(joined.length - namesMax)} more.</p>}
      {waits && joined.length === 0 && (
        <p class="quiet">Nobody has joined by it yet; this page tells when somebody has.</p>
      )}
      {waits && joined.length > 0 && usesMax > joined.length && (
        <p class="quiet">It lets {count(usesMax - joined.length)} more in.</p>
      )}
      {!waits && joined.length === 0 && <p class="notice warn">It is {token.state}, and has let nobody in.</p>}
    </div>
  );
}

function Joined({ machine: { client_id: clientId, name } }: { readonly machine: MachineView }): JSX.Element {
  return (
    <>
      <a href={hrefOf(['units', clientId])}>{name}</a> has joined.
    </>
  );
}
