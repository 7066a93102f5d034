import type { JSX } from 'preact';
import type { ServerReport } from '../../../src/api/contract.ts';
import '../admin/admin.css';
import { CopiedLine } from '../admin/copied-line.tsx';
import { host, HostField, hostIsKnown } from '../admin/host-field.tsx';
import { JoinLineMaker } from '../admin/join-line-maker.tsx';
import { isLoopback, plainLine } from '../admin/join-line.ts';
import { ScopeNote } from '../admin/scope-note.tsx';
import { useAsked } from '../admin/use-asked.ts';
import { hub } from '../hub.ts';
import { fleet } from '../live/fleet.ts';
import { may } from '../shell/who.ts';
import './server.css';

/** What to do while there is no unit. It is nothing as soon as there is one. */
export function FirstStart(): JSX.Element {
  const report = useAsked((signal) => hub.server(signal), 10_000);
  // Read, so that the first unit that registers draws this anew.
  if (fleet.version.value > 0 && fleet.rows.size > 0) return <></>;
  const answer = report.answer.value;
  const server = answer.name === 'answered' ? answer.value : undefined;
  return (
    <section class="admin-view server-first" aria-labelledby="server-first">
      <h1 id="server-first" class="admin-title" tabIndex={-1}>
        No machine reports yet
      </h1>
      <p>
        Start a client on a machine that you want to watch, in one of these two ways. This page shows it as soon as it
        registers.
      </p>
      <div class="server-ways">
        <TrustedNetwork server={server} />
        <SafeNetwork server={server} />
      </div>
      <NothingComes server={server} />
    </section>
  );
}

interface WayProps {
  readonly server: ServerReport | undefined;
}

function TrustedNetwork({ server }: WayProps): JSX.Element {
  const here = isLoopback(location.hostname);
  const port = server?.tcp_port;
  return (
    <section class="card server-part" aria-labelledby="server-trusted">
      <h2 id="server-trusted">On a network that you trust</h2>
      {port === null && <p class="notice warn">This server listens on no plain TCP port. Use a join line.</p>}
      {port !== null && port !== undefined && (
        <>
          {here && (
            <>
              <p>On this machine, in a terminal:</p>
              <CopiedLine text={plainLine('127.0.0.1', port)} what="the line for this machine" />
              <p>On another machine:</p>
            </>
          )}
          <HostField />
          {hostIsKnown() && <CopiedLine text={plainLine(host.value, port)} what="the line for another machine" />}
          <p class="quiet">It needs Node.js 24 or later there. What is sent can be read on the way.</p>
        </>
      )}
    </section>
  );
}

function SafeNetwork({ server }: WayProps): JSX.Element {
  return (
    <section class="card server-part" aria-labelledby="server-safe">
      <h2 id="server-safe">On any network, with a join line</h2>
      <p>
        The machine speaks TLS, knows this server by its certificate, and is known by a key of its own from then on.
        Install the client there first; it needs Node.js 24 or later:
      </p>
      <CopiedLine text="npm install --global telemetry-hub" what="the line that installs it" />
      <JoinWay server={server} />
    </section>
  );
}

function JoinWay({ server }: WayProps): JSX.Element {
  if (server?.join === null) {
    return (
      <p class="notice warn">
        This server has no TLS listener, and a machine joins over nothing else. Start it with{' '}
        <code>--listen tls://[::]:34568</code> besides its other listeners.
      </p>
    );
  }
  return may('admin') ? <JoinLineMaker /> : <ScopeNote what="To make a join line" scope="admin" />;
}

/** The client's own words are the shortest way to the reason. */
function NothingComes({ server }: WayProps): JSX.Element {
  const ports = [server?.tcp_port, server?.join?.port].filter((port) => typeof port === 'number');
  return (
    <section class="card server-part" aria-labelledby="server-nothing">
      <h2 id="server-nothing">If nothing comes</h2>
      <ul>
        <li>
          Read what the client says. <code>connection-lost</code> with <code>ECONNREFUSED</code>: the server listens
          elsewhere; a time-out: a firewall; <code>ENOTFOUND</code>: the name is wrong.
        </li>
        <li>Let the machine through to this server{ports.length === 0 ? '.' : `: TCP port ${ports.join(' or ')}.`}</li>
        <li>
          <code>registration-refused</code>, there or in the server's log, says why a machine is not let in. One that
          waits for approval is in <a href="#/machines">Machines</a>.
        </li>
        <li>
          <code>telemetry-client sensors</code> shows what the machine would report.
        </li>
      </ul>
    </section>
  );
}
