import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
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
  outgoing: (token: string) => { path: string; name: string; mediaType: string };
  /** Forgets a token and removes the file when it was ours. */
  release: (token: string) => Promise<void>;
  releaseAll: () => Promise<void>;
}

interface Held {
  direction: 'in' | 'out';
  path: string;
  name: string;
  mediaType: string;
  removeAfter: boolean;
}

export function createFileExchange(): FileExchange {
  const held = new Map<string, Held>();
  const find = (token: string, direction: Held['direction']): Held => {
    const file = held.get(token);
    if (file?.direction !== direction) throw new ApplicationError('file.unknown', '檔案已不在，請重新選擇或重新產生檔案。');
    return file;
  };
  const hold = (file: Held) => {
    const token = randomUUID();
    held.set(token, file);
    return { token, name: file.name, bytes: statSync(file.path).size };
  };
  const release = async (token: string) => {
    const file = held.get(token);
    held.delete(token);
    if (file?.removeAfter) await rm(file.path, { force: true });
  };
  return {
    receive: (path, name, removeAfter) => hold({ direction: 'in', path, name, mediaType: 'application/octet-stream', removeAfter }),
    incomingPath: (token) => find(token, 'in'),
    offer: (path, name, mediaType, removeAfter) => ({ ...hold({ direction: 'out', path, name, mediaType, removeAfter }), mediaType }),
    outgoing: (token) => find(token, 'out'),
    release,
    releaseAll: async () => {
      await Promise.all([...held.keys()].map(release));
    },
  };
}
