import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractAll } from '@electron/asar';
import { Arch, build, type Configuration, Platform } from 'electron-builder';
import { parse } from 'yaml';
import { programRoot } from '../../main/platform/resources.ts';
import { withBuild } from '../../scripts/build-if-stale.ts';

/** How Electron's binary marks the place of its fuses: sentinel, version of the wire, its length, one byte a fuse. */
const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const fuseCount = 9;

/** A folder that electron-builder takes for an unpacked Electron: enough to pack and to set fuses in, nothing runs. */
function makeStandInElectron(folder: string): void {
  mkdirSync(join(folder, 'resources'), { recursive: true });
  mkdirSync(join(folder, 'locales'));
  const fuses = Buffer.concat([Buffer.from(fuseSentinel), Buffer.from([1, fuseCount]), Buffer.from('1'.repeat(fuseCount))]);
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.from('\x7fELF stand-in '), fuses, Buffer.alloc(64)]), { mode: 0o755 });
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version']) writeFileSync(join(folder, name), '45.4.1');
  for (const name of ['zh-TW', 'en-US', 'fr']) writeFileSync(join(folder, 'locales', `${name}.pak`), '');
}

export interface Packed {
  asar: string;
  unpacked: string;
  executable: string;
  locales: string;
  temporary: string;
}

/** Packs the Linux folder as `npm run package -- --linux dir` would, with the stand-in in Electron's place. */
export async function packForLinux(): Promise<Packed> {
  const temporary = mkdtempSync(join(tmpdir(), 'portfolio-pack-'));
  const electronDist = join(temporary, 'electron');
  makeStandInElectron(electronDist);
  const config = parse(readFileSync(join(programRoot, 'electron-builder.yml'), 'utf8')) as Configuration;
  const output = join(temporary, 'dist');
  await withBuild(
    () => {},
    () =>
      build({
        projectDir: programRoot,
        targets: Platform.LINUX.createTarget('dir', Arch.x64),
        publish: 'never',
        config: { ...config, electronDist, directories: { ...config.directories, output } },
      }),
  );
  const folder = join(output, 'linux-unpacked');
  return {
    asar: join(folder, 'resources', 'app.asar'),
    unpacked: join(folder, 'resources', 'app.asar.unpacked'),
    executable: join(folder, 'portfolio-school-office'),
    locales: join(folder, 'locales'),
    temporary,
  };
}

/** The packed program as Node can run it: the archive and what lies beside it in one folder. */
export function unpackProgram({ asar, unpacked, temporary }: Packed): string {
  const program = join(temporary, 'program');
  extractAll(asar, program);
  cpSync(unpacked, program, { recursive: true });
  return program;
}
