import { HubClient } from '../../src/api/hub-client.ts';

/** The server that this page came from. */
export const hub = new HubClient({ url: '' });
