import { createDecipheriv, createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { ApplicationError } from '../../platform/errors.ts';
import {
  type BackupHeader,
  backupHeader,
  damaged,
  derivedKey,
  endMagic,
  formatNumber,
  type Manifest,
  magic,
  manifest as manifestSchema,
  mostHeaderBytes,
  type Place,
  pieceBytes,
  preambleBytes,
  tagBytes,
  trailerBytes,
  type Unlocking,
  unlock,
} from './backup-format.ts';
import { pieceNonce } from './backup-writer.ts';

/** A manifest of a hundred thousand files is 6 MB; what claims to be much more is no manifest. */
const mostManifestBytes = 512 * 1024 * 1024;

/** An opened backup: its header and manifest were authentic, its body is authenticated as it is read. */
export interface BackupFile {
  path: string;
  bytes: number;
  header: BackupHeader;
  manifest: Manifest;
  /** The file's own key: what lies inside is encrypted with keys derived from it. */
  dataKey: Uint8Array;
  /** Bytes of the body in order. @throws `backup.damaged` at the first byte that is not as it was written */
  read: (place: Place) => Generator<Buffer>;
  close: () => void;
}

/** What the disk says when a stick was pulled out or a share went away. */
function unreadable(error: unknown, path: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  if (code === 'ENOENT') {
    return new ApplicationError(
      'backup.gone',
      '找不到這份備份檔案，可能已被移走。請確認隨身碟或網路資料夾已連接，或改用其他備份。',
      {},
      { cause: error },
    );
  }
  return new ApplicationError(
    'backup.unreadable',
    '讀不到備份檔案，請確認隨身碟或網路資料夾仍然連接，再試一次。',
    { cause: code, path },
    { cause: error },
  );
}

interface Opened {
  file: number;
  bytes: number;
  front: Buffer;
  header: BackupHeader;
}

/** Exactly these bytes of a file. @throws `backup.damaged` where it ends before */
function bytesAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length; ) {
    const read = readSync(file, bytes, done, length - done, position + done);
    if (read === 0) throw damaged({ part: 'end' });
    done += read;
  }
  return bytes;
}

function readFront(file: number): Omit<Opened, 'file'> {
  const { size } = fstatSync(file);
  const head = bytesAt(file, 0, Math.min(size, preambleBytes));
  if (!head.subarray(0, magic.length).equals(magic)) {
    throw new ApplicationError('backup.notBackup', '這個檔案不是本程式的備份。請選擇副檔名為 .portfolio-backup 的檔案。');
  }
  if (head.byteLength < preambleBytes) throw damaged({ part: 'header' });
  const length = head.readUInt32BE(magic.length);
  if (length > mostHeaderBytes || preambleBytes + length > size) throw damaged({ part: 'header' });
  const front = bytesAt(file, 0, preambleBytes + length);
  const text = front.subarray(preambleBytes);
  if (
    !createHash('sha256')
      .update(text)
      .digest()
      .equals(front.subarray(magic.length + 4, preambleBytes))
  )
    throw damaged({ part: 'header' });
  let value: { format?: unknown };
  try {
    value = JSON.parse(text.toString('utf8'));
  } catch {
    throw damaged({ part: 'header' });
  }
  if (typeof value.format === 'number' && value.format > formatNumber) {
    throw new ApplicationError('backup.newerFormat', '這份備份由較新版本的程式製作，請先更新程式再使用。', { format: value.format });
  }
  const parsed = backupHeader.safeParse(value);
  if (!parsed.success) throw damaged({ part: 'header' });
  return { bytes: size, front, header: parsed.data };
}

function openFront(path: string): Opened {
  const file = openSync(path, 'r');
  try {
    return { file, ...readFront(file) };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Whose backup a file is and when it was made, without opening it: not yet checked against its key. Errors as `openBackup`. */
export function readBackupHeader(path: string): { header: BackupHeader; bytes: number } {
  try {
    const { file, header, bytes } = openFront(path);
    closeSync(file);
    return { header, bytes };
  } catch (error) {
    throw unreadable(error, path);
  }
}

function readManifest({ file, bytes, front }: Opened, dataKey: Uint8Array): { manifest: Manifest; bodyEnd: number } {
  if (bytes < front.byteLength + trailerBytes) throw damaged({ part: 'end' });
  const trailer = bytesAt(file, bytes - trailerBytes, trailerBytes);
  const place = Number(trailer.readBigUInt64BE(0));
  const length = trailer.readUInt32BE(8);
  const whole =
    trailer.subarray(12).equals(endMagic) &&
    place >= front.byteLength &&
    place + length + trailerBytes === bytes &&
    length >= 12 + tagBytes &&
    length <= mostManifestBytes;
  if (!whole) throw damaged({ part: 'end' });
  const sealed = bytesAt(file, place, length);
  const decipher = createDecipheriv('aes-256-gcm', derivedKey(dataKey, 'manifest'), sealed.subarray(0, 12), { authTagLength: tagBytes })
    .setAAD(front)
    .setAuthTag(sealed.subarray(12, 12 + tagBytes));
  let text: Buffer;
  try {
    text = inflateRawSync(Buffer.concat([decipher.update(sealed.subarray(12 + tagBytes)), decipher.final()]));
  } catch {
    throw damaged({ part: 'manifest' }); // Not authentic; which byte, GCM does not say.
  }
  const manifest = manifestSchema.parse(JSON.parse(text.toString('utf8')));
  const pieces = Math.ceil(manifest.bodyBytes / pieceBytes);
  if (front.byteLength + manifest.bodyBytes + pieces * tagBytes !== place) throw damaged({ part: 'body' });
  return { manifest, bodyEnd: place };
}

/** Bytes of the body, piece by piece; the piece read last is kept, since what follows mostly lies in it. */
function bodyReader(file: number, start: number, { bodyBytes }: Manifest, dataKey: Uint8Array) {
  const bodyKey = derivedKey(dataKey, 'body');
  let kept = { index: -1, bytes: Buffer.alloc(0) };
  const piece = (index: number): Buffer => {
    if (kept.index === index) return kept.bytes;
    const length = Math.min(pieceBytes, bodyBytes - index * pieceBytes);
    const sealed = bytesAt(file, start + index * (pieceBytes + tagBytes), length + tagBytes);
    const decipher = createDecipheriv('aes-256-gcm', bodyKey, pieceNonce(index), { authTagLength: tagBytes }).setAuthTag(
      sealed.subarray(length),
    );
    const bytes = decipher.update(sealed.subarray(0, length));
    try {
      decipher.final();
    } catch {
      throw damaged({ part: 'body', piece: index });
    }
    kept = { index, bytes };
    return bytes;
  };
  return function* read({ offset, bytes }: Place): Generator<Buffer> {
    if (offset < 0 || offset + bytes > bodyBytes) throw damaged({ part: 'manifest' });
    for (let at = offset; at < offset + bytes; ) {
      const index = Math.floor(at / pieceBytes);
      const from = at - index * pieceBytes;
      const part = piece(index).subarray(from, Math.min(pieceBytes, from + offset + bytes - at));
      yield part;
      at += part.byteLength;
    }
  };
}

/**
 * Opens a backup file.
 * @param key what to open it with, or the file's own key where a manifest told it (a pack)
 * @throws `backup.notBackup`, `backup.newerFormat`, `backup.damaged`, `backup.gone`, `backup.unreadable` and what `unlock` throws
 */
export function openBackup(path: string, key: Unlocking | { dataKey: Uint8Array }): BackupFile {
  let opened: Opened | undefined;
  try {
    opened = openFront(path);
    const { file, header, front, bytes } = opened;
    const dataKey = 'dataKey' in key ? key.dataKey : unlock(header, key);
    const { manifest } = readManifest(opened, dataKey);
    const read = bodyReader(file, front.byteLength, manifest, dataKey);
    return {
      path,
      bytes,
      header,
      manifest,
      dataKey,
      read: function* (place) {
        try {
          yield* read(place);
        } catch (error) {
          throw unreadable(error, path);
        }
      },
      close: () => closeSync(file),
    };
  } catch (error) {
    if (opened) closeSync(opened.file);
    throw unreadable(error, path);
  }
}
