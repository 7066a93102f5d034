import { HubProblem } from '../../../src/api/hub-client.ts';
import { hub } from '../hub.ts';
import { snapshot } from '../source.ts';
import { who } from '../shell/who.ts';
import { FleetStream } from './fleet-stream.ts';
import { fleet } from './fleet.ts';

const answerMsMax = 10_000;

/** The one stream of this page; a page that was written to a file has none. */
const stream =
  snapshot === undefined
    ? new FleetStream({ fleet, urlOf: (query) => hub.streamUrl(query), askSession, askAlive })
    : undefined;

/** Shows the fleet: of the server, as soon as it says who looks, or of the file. */
export function startStream(): void {
  if (snapshot === undefined) {
    stream?.start();
    return;
  }
  who.value = { name: 'known', session: { name: '', scope: 'read', how: 'local' } };
  fleet.take(snapshot.fleet);
  fleet.linked({ name: 'snapshot', madeMs: snapshot.made });
}

/** Whoever was logged in is so no more. */
export function stopStream(): void {
  stream?.stop();
  fleet.clear();
}

/** Makes the stream be about one unit, with each of its readings; undefined: about all again. While one is watched, the other rows stand still. */
export function watchUnit(clientId: string | undefined): void {
  stream?.watch(clientId);
}

async function askSession(): Promise<'known' | 'stranger' | 'unreachable'> {
  try {
    who.value = { name: 'known', session: await hub.session() };
    return 'known';
  } catch (error) {
    if (!(error instanceof HubProblem) || error.status !== 401) return 'unreachable';
    fleet.clear();
    who.value = { name: 'stranger' };
    return 'stranger';
  }
}

async function askAlive(): Promise<boolean> {
  try {
    const response = await fetch('/livez', { cache: 'no-store', signal: AbortSignal.timeout(answerMsMax) });
    return response.ok;
  } catch {
    // Nobody answers, which is what was asked.
    return false;
  }
}
