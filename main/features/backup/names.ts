import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { taipeiDateTime } from '../../../domain/roc-date.ts';

/** Names of what lies in a folder of backups. */

export const backupEnding = '.portfolio-backup';
export const packEnding = '.portfolio-files';
/** The attachments that the backups of a folder share. */
export const packFolder = 'files';

interface Named {
  schoolCode: string;
  /** UTC instant. */
  madeAt: string;
}

/** `20261124_091530` in Taipei. */
export const stamp = (instant: string) => taipeiDateTime(new Date(instant)).replaceAll('-', '').replaceAll(':', '').replace(' ', '_');

/** `999999_備份_20261124_091530.portfolio-backup` */
export const backupName = ({ schoolCode, madeAt }: Named) => `${schoolCode}_備份_${stamp(madeAt)}${backupEnding}`;
export const packName = ({ schoolCode, madeAt }: Named) => `${schoolCode}_附件_${stamp(madeAt)}${packEnding}`;

/** The name, or the same with a number behind it where it is taken: nothing is ever written over. */
export function freeName(folder: string, name: string, alsoTaken: (name: string) => boolean = () => false): string {
  const dot = name.lastIndexOf('.');
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name.slice(0, dot)}_${number}${name.slice(dot)}`;
    if (!alsoTaken(candidate) && !existsSync(join(folder, candidate))) return candidate;
  }
}
