/** The parts of Electron that the shell uses, passed in so that tests can run it against a stand-in. */
export type ElectronApi = Pick<
  typeof import('electron'),
  'app' | 'BrowserWindow' | 'dialog' | 'ipcMain' | 'Menu' | 'powerMonitor' | 'protocol' | 'safeStorage' | 'session'
>;
