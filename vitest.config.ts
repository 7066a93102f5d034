import { defineConfig } from 'vitest/config';

/** Where `.ci/run` wants the results in JSON, beside what people read. */
const report = process.env['TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    passWithNoTests: false,
    testTimeout: 20_000,
    setupFiles: ['test/property-seed.ts'],
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
