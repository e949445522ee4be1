import { defineConfig } from 'vitest/config';

/** Unit and integration tests on real SQLite files, HTTP, 7-Zip and workers. End-to-end tests run in Playwright. */
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/e2e/**', 'tests/electron/**', 'tests/bench/**'],
    pool: 'forks',
    // As in scripts/run.mjs, which says why.
    execArgv: ['--wasm-wrapper-tiering-budget=2147483647'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
