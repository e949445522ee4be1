/**
 * The program on a directory in which no school was made, as a new computer has it, and a city to connect to.
 *
 *   node tests/e2e/open-empty.ts DIRECTORY [CITY DIRECTORY]
 */
import { join } from 'node:path';
import { openInBrowser } from '../../main/browser/browser.ts';
import { openCityStore, startEmbeddedCity } from '../../main/central/embedded/index.ts';

const [dataDirectory, cityDirectory] = process.argv.slice(2);
if (!dataDirectory) throw new Error('usage: open-empty.ts DIRECTORY [CITY DIRECTORY]');
if (cityDirectory) {
  const storePath = join(cityDirectory, 'city.db');
  openCityStore(storePath, {
    settings: { schoolCode: '310000', schoolName: '連線高中', deviceId: 'office', deviceKey: 'key of the office' },
  }).close();
  const city = await startEmbeddedCity({ storePath, port: 0 });
  process.stdout.write(`city ${city.url}\n`);
}
const opened = await openInBrowser({ dataDirectory, port: 0 });
process.stdout.write(`${opened.host.url}\n`);
process.on('SIGTERM', () => void opened.close().then(() => process.exit(0)));
