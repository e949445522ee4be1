import { homedir } from 'node:os';
import { join } from 'node:path';

/** The program's folder among those of other programs; the same that Electron takes from `productName`. */
export const programFolderName = '學習歷程校管理端';

/**
 * Where a school's data lies unless a directory was named: `data` in the program's own folder, by each platform's
 * convention (`%APPDATA%`, `~/Library/Application Support`, `$XDG_CONFIG_HOME` or `~/.config`).
 */
export function defaultDataDirectory(
  platform: NodeJS.Platform = process.platform,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const home = homedir();
  const conventions: Partial<Record<NodeJS.Platform, string>> = {
    win32: environment.APPDATA ?? join(home, 'AppData', 'Roaming'),
    darwin: join(home, 'Library', 'Application Support'),
  };
  return join(conventions[platform] ?? environment.XDG_CONFIG_HOME ?? join(home, '.config'), programFolderName, 'data');
}
