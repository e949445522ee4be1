import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { operations } from './main/features/contract.ts';

/**
 * Three bundles: the main process with an entry for each thread and host, the preload, the renderer. Dependencies
 * stay outside the main bundle (native modules, worker files of libraries); main/platform/resources.ts finds the entries.
 */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: 'node24',
      externalizeDeps: true,
      rollupOptions: {
        input: {
          shell: 'main/shell/shell.ts',
          browser: 'main/browser/browser.ts',
          cli: 'main/cli/cli.ts',
          'backend-worker': 'main/application/backend-worker.ts',
          'task-worker': 'main/application/task-worker.ts',
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
    build: { outDir: 'out/renderer', rollupOptions: { input: 'renderer/index.html' } },
  },
});
