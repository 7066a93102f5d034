import { LiveFleet } from './live-fleet.ts';

/** The one fleet of this page. */
export const fleet = new LiveFleet();
