/** The part of node-7z (no types of its own) that main/platform/seven-zip.ts uses. */
declare module 'node-7z' {
  import type { ChildProcessWithoutNullStreams } from 'node:child_process';
  import type { Readable } from 'node:stream';

  export interface SevenZipOptions {
    $bin: string;
    /** Names of entries; all of them where there is none. */
    $cherryPick: readonly string[];
    $progress?: boolean;
    $raw: readonly string[];
    /** Makes the arguments and starts nothing. */
    $defer: true;
    archiveType: 'zip';
  }
  export interface SevenZipStream extends Readable {
    readonly _bin: string;
    readonly _args: readonly string[];
    _childProcess: ChildProcessWithoutNullStreams;
    on(event: 'progress', listener: (progress: { percent: number; fileCount: number }) => void): this;
    on(event: 'error', listener: (error: Error & { stderr?: string }) => void): this;
    on(event: 'data', listener: (data: unknown) => void): this;
  }
  interface SevenZip {
    test: (archive: string, options: SevenZipOptions) => SevenZipStream;
    /** Reads a child's output into the stream's events. */
    listen: (stream: SevenZipStream) => SevenZipStream;
  }
  const sevenZip: SevenZip;
  export default sevenZip;
}
