import { join } from 'node:path';
import { type Backend, startBackend } from '../application/backend-client.ts';
import { keepOutOfCoreDumps } from '../platform/core-dumps.ts';
import { programRoot } from '../platform/resources.ts';
import { keyFileStore, masterKeyOrNew } from '../platform/secret-store.ts';
import { type BrowserHost, startBrowserHost } from './host.ts';

export interface OpenedInBrowser {
  backend: Backend;
  host: BrowserHost;
  /** Stops serving, lets running work end in order, closes the databases. */
  close: () => Promise<void>;
}

/**
 * The program on a data directory, served to a browser. The window is there at once, while the backend still opens
 * its databases; what went wrong there, the window says.
 * @throws EADDRINUSE for a port that was asked for
 */
export async function openInBrowser(options: { dataDirectory: string; port?: number }): Promise<OpenedInBrowser> {
  keepOutOfCoreDumps();
  const { dataDirectory } = options;
  const backend = startBackend({ dataDirectory, ...(await masterKeyOrNew(keyFileStore(dataDirectory), dataDirectory)) });
  const port = options.port === undefined ? {} : { port: options.port };
  try {
    const host = await startBrowserHost({ backend, rendererDirectory: join(programRoot, 'out/renderer'), ...port });
    return {
      backend,
      host,
      close: async () => {
        await host.close();
        await backend.close();
      },
    };
  } catch (error) {
    await backend.close();
    throw error;
  }
}
