import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Where `.ci/run` wants the results in JSON, beside what people read. */
const report = process.env['TEST_REPORT'];

// The programs and threads that tests start take the types out of their source with WebAssembly, which costs each of them a tenth of a second, and which V8 13.6 now
// and then dies of when threads do it at the same time (docs/decisions/vitest.md). With this they do it once.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/compile', import.meta.url));

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    passWithNoTests: false,
    // For what hangs. A test of real programs may take its time where the machine is busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    globalSetup: ['test/page-build.ts'],
    setupFiles: ['test/property-seed.ts'],
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
