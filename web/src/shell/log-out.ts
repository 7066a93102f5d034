import { HubProblem } from '../../../src/api/hub-client.ts';
import { hub } from '../hub.ts';
import { startStream, stopStream } from '../live/stream.ts';
import { who } from './who.ts';

/** Ends the session, then looks who this browser is without it. Rejects where the server did not end it. */
export async function logOut(): Promise<void> {
  try {
    await hub.logOut();
  } catch (error) {
    // The session had ended by itself.
    if (!(error instanceof HubProblem) || error.status !== 401) throw error;
  }
  stopStream();
  who.value = { name: 'unknown' };
  startStream();
}
