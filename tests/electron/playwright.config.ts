import { defineConfig } from '@playwright/test';

/** The built program in the checkout's Electron, without fuses: Playwright needs the inspector that the shipped one has off. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.electron.ts',
  outputDir: '../../out/electron',
  workers: 1,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
});
