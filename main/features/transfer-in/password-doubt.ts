import type { ArchiveBytes } from '../../platform/archive-bytes.ts';
import { passwordWrong } from '../../platform/archive-errors.ts';
import type { ArchiveEntry } from '../../platform/archive-listing.ts';
import type { ArchiveContents, ArchiveReader, Unsealing } from '../../platform/archive-reader.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { ReadEntry } from './entries.ts';

/**
 * A wrong password passes the check in front of an entry by chance, with AES once in 65,536 times, with ZipCrypto once
 * in 256, and then what it decrypts looks damaged. Until one entry has been read whole, damage puts the password in
 * doubt.
 */
const looksDamaged = (error: unknown) =>
  error instanceof ApplicationError && (error.code === 'archive.damaged' || error.code === 'archive.sizeMismatch');

/** Other entries that are tried before the password is called wrong. */
const witnesses = 3;

export function readWithDoubt(archive: ArchiveContents, password: string): ReadEntry {
  let proven = false;
  const opensAnother = async (damaged: ArchiveEntry, atMost: number) => {
    const others = archive.entries.filter((entry) => entry !== damaged && entry.encryption !== 'none' && entry.bytes > 0);
    for (const other of others.sort((a, b) => a.bytes - b.bytes).slice(0, witnesses)) {
      try {
        await archive.read(other, password, atMost);
        return true;
      } catch (error) {
        if (!(error instanceof ApplicationError)) throw error;
      }
    }
    return false;
  };
  return async (entry, atMost) => {
    try {
      const content = await archive.read(entry, password, atMost);
      proven ||= entry.encryption !== 'none' && entry.bytes > 0;
      return content;
    } catch (error) {
      if (proven || entry.encryption === 'none' || !looksDamaged(error)) throw error;
      throw (await opensAnother(entry, atMost)) ? error : passwordWrong();
    }
  };
}

/** Where there is but one entry, nothing else can prove the password. */
export async function unsealWithDoubt(
  archive: ArchiveReader,
  entry: ArchiveEntry,
  password: string,
  unsealing: Unsealing,
): Promise<ArchiveBytes> {
  try {
    return await archive.unseal(entry, password, unsealing);
  } catch (error) {
    throw looksDamaged(error) ? passwordWrong() : error;
  }
}
