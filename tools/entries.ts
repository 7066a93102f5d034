/** Modules with which something begins, by their paths below `src` without an ending: each becomes a file of that name in `dist`. */
export const programs = ['bin/telemetry-server', 'bin/telemetry-client', 'bin/telemetryctl', 'bin/telemetry-fleet'];
/** Where threads begin; in `dist/bin`, for whoever starts one looks for it beside his own module, which is there then, whatever folder it came from. */
export const threads = [
  'store/sqlite/writer-thread',
  'store/sqlite/reader-thread',
  'app/ctl/store-thread',
  'fleet/fleet-thread',
];
/** What programs of others import (`exports` in package.json). */
export const interfaces = ['api/hub-client'];
