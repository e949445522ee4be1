import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { operations } from './main/features/contract.ts';

/**
 * Libraries of many small modules, loaded at every start: bundled, what is used of them loads in a tenth of the time
 * (drizzle-orm alone takes a second of CPU as separate files). The others stay outside: native modules, programs,
 * and what reads files of its own beside its code.
 */
const bundled = ['drizzle-orm', 'zod', 'axios', 'ws', 'croner', 'yauzl', 'qrcode'];

/**
 * Three bundles: the main process with an entry for each thread and host, the preload, the renderer.
 * main/platform/resources.ts finds the entries.
 */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: 'node24',
      externalizeDeps: { exclude: bundled },
      rollupOptions: {
        input: {
          shell: 'main/shell/shell.ts',
          browser: 'main/browser/browser.ts',
          cli: 'main/cli/cli.ts',
          'backend-worker': 'main/application/backend-worker.ts',
          'task-worker': 'main/application/task-worker.ts',
          'archive-reader-worker': 'main/platform/archive-reader-worker.ts',
          'file-hash-worker': 'main/platform/file-hash-worker.ts',
          'archive-check-worker': 'main/platform/archive-check-worker.ts',
          'city-worker': 'main/central/embedded/city-worker.ts',
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    define: { operationNames: JSON.stringify([...operations.keys()]) },
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rollupOptions: { input: { electron: 'preload/electron.ts' }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    // Nothing inlined: the window's policy lets fonts and scripts come from files only.
    build: { outDir: 'out/renderer', minify: true, assetsInlineLimit: 0, rollupOptions: { input: 'renderer/index.html' } },
  },
});
