import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

/** `npm run gallery`: pictures of every screen at both sizes in out/gallery, to be looked at. */
export default defineConfig({ ...base, testMatch: '*.gallery.ts', outputDir: 'out/gallery-run', timeout: 300_000 });
