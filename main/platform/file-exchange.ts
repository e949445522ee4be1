import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { IncomingFile, OutgoingFile } from '../application/contract.ts';
import { ApplicationError } from './errors.ts';

/**
 * The one port for files in and out. Hosts put a file in (a chosen path, an upload) and get a token that goes into an
 * operation; a feature offers a file it made and hands out a token that the host turns into a save dialog, a download
 * or a copy. No feature knows which host it serves, no renderer ever sees a path.
 */
export interface FileExchange {
  /** @param removeAfter true for a copy of our own (an upload), false for the clerk's file */
  receive: (path: string, name: string, removeAfter: boolean) => IncomingFile;
  /** @throws `file.unknown` for a token that was not given out or was let go */
  incomingPath: (token: string) => { path: string; name: string };
  /** @param removeAfter true when the file lives only for this offer */
  offer: (path: string, name: string, mediaType: string, removeAfter: boolean) => OutgoingFile;
  /**
   * Offers what lies in the encrypted store: read piece by piece when it is asked for, so that nothing of it touches the disk.
   * Only the newest of these offers are kept.
   */
  offerContent: (content: OutgoingContent, name: string, mediaType: string) => OutgoingFile;
  /** @throws `file.unknown`; `path` is null for what was offered by `offerContent` */
  outgoing: (token: string) => { path: string | null; name: string; mediaType: string; bytes: number };
  /** Where a file made by the program lies. @throws `file.unknown`, also for what has no path */
  outgoingPath: (token: string) => string;
  /** Bytes of what was offered by `offerContent`. @throws `file.unknown` */
  readOutgoing: (token: string, start: number, length: number) => Uint8Array;
  /** Forgets a token and removes the file when it was ours. */
  release: (token: string) => Promise<void>;
  releaseAll: () => Promise<void>;
}

/** Something with random access. */
export interface OutgoingContent {
  bytes: number;
  read: (start: number, length: number) => Uint8Array;
}

interface Held {
  direction: 'in' | 'out';
  path: string | null;
  content: OutgoingContent | null;
  name: string;
  mediaType: string;
  removeAfter: boolean;
}

/** Contents that may be open at once: a clerk leafs through a cabinet, and each look is an offer. */
const mostContents = 200;

export function createFileExchange(): FileExchange {
  const held = new Map<string, Held>();
  const find = (token: string, direction: Held['direction']): Held => {
    const file = held.get(token);
    if (file?.direction !== direction) throw new ApplicationError('file.unknown', '檔案已不在，請重新選擇或重新產生檔案。');
    return file;
  };
  const sizeOf = ({ path, content }: Held) => content?.bytes ?? statSync(path!).size;
  const hold = (file: Held) => {
    const token = randomUUID();
    held.set(token, file);
    return { token, name: file.name, bytes: sizeOf(file) };
  };
  const release = async (token: string) => {
    const file = held.get(token);
    held.delete(token);
    if (!file?.removeAfter || file.path === null) return;
    await rm(file.path, { force: true });
    // The work folder that it was made in goes with the last file of it; whoever still has something there keeps it.
    if (file.direction === 'out') await rmdir(dirname(file.path)).catch(() => {});
  };
  const forgetOldContents = () => {
    const contents = [...held].filter(([, { content }]) => content !== null);
    for (const [token] of contents.slice(0, Math.max(0, contents.length - mostContents))) held.delete(token);
  };
  return {
    receive: (path, name, removeAfter) =>
      hold({ direction: 'in', path, content: null, name, mediaType: 'application/octet-stream', removeAfter }),
    incomingPath: (token) => {
      const { path, name } = find(token, 'in');
      return { path: path!, name };
    },
    offer: (path, name, mediaType, removeAfter) => ({
      ...hold({ direction: 'out', path, content: null, name, mediaType, removeAfter }),
      mediaType,
    }),
    offerContent: (content, name, mediaType) => {
      const file = hold({ direction: 'out', path: null, content, name, mediaType, removeAfter: false });
      forgetOldContents();
      return { ...file, mediaType };
    },
    outgoing: (token) => {
      const file = find(token, 'out');
      return { path: file.path, name: file.name, mediaType: file.mediaType, bytes: sizeOf(file) };
    },
    outgoingPath: (token) => {
      const { path } = find(token, 'out');
      if (path === null) throw new ApplicationError('file.unknown', '檔案已不在，請重新選擇或重新產生檔案。');
      return path;
    },
    readOutgoing: (token, start, length) => {
      const { content } = find(token, 'out');
      if (!content) throw new ApplicationError('file.unknown', '檔案已不在，請重新選擇或重新產生檔案。');
      return content.read(start, length);
    },
    release,
    releaseAll: async () => {
      await Promise.all([...held.keys()].map(release));
    },
  };
}
