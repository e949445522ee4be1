import { Worker } from 'node:worker_threads';
import type { BytesPlace } from './archive-bytes.ts';
import type { EntryPlace } from './archive-entry.ts';
import { workerEntry } from './resources.ts';
import { errorOf, type ThreadFailure, threadDied } from './thread-failure.ts';

/** Entries on a tray: memory that goes to the reading thread empty and comes back filled, so that none is ever copied or allotted anew. */
export type ToReader = { type: 'fill'; tray: ArrayBuffer; entries: { offset: number; place: EntryPlace }[] } | { type: 'end' };
export type FromReader = { state: 'filled'; tray: ArrayBuffer; digests: { md5: string; sha256: string }[] } | ThreadFailure;

/** What the reading thread is started with. */
export interface ReaderData {
  archive: BytesPlace;
  password: string;
}

/** An entry that was read: complete, authentic and hashed. */
export interface Digested<Entry> {
  entry: Entry;
  /** Holds until the next tray is asked for. */
  content: Buffer;
  /** Lower-case hex, as is `sha256`. */
  md5: string;
  sha256: string;
}

/** The largest file of a portfolio fits beside others. */
const trayBytes = 16 * 1024 * 1024;
/** Deriving the key of an entry takes most of a millisecond, whatever its size. */
const trayEntries = 200;
/** One is filled, one is put away, and one evens out a disk that is slow for a moment. */
const trays = 3;
/** Words of memory, for the cipher's sake. */
const alignment = 16;

interface Loaded<Entry> {
  entries: { entry: Entry; offset: number; place: EntryPlace }[];
  bytes: number;
}

/** Shares entries out over trays, in their order. */
function load<Entry>(entries: readonly { entry: Entry; place: EntryPlace }[]): Loaded<Entry>[] {
  const loads: Loaded<Entry>[] = [];
  for (const { entry, place } of entries) {
    const size = Math.ceil(place.bytes / alignment) * alignment;
    let last = loads.at(-1);
    if (!last || last.bytes + size > trayBytes || last.entries.length === trayEntries) {
      last = { entries: [], bytes: 0 };
      loads.push(last);
    }
    last.entries.push({ entry, place, offset: last.bytes });
    last.bytes += size;
  }
  return loads;
}

/** The thread that reads, decrypts, authenticates and hashes. */
class Reader {
  readonly #worker: Worker;
  readonly #waiting: PromiseWithResolvers<Extract<FromReader, { state: 'filled' }>>[] = [];
  readonly #ended: Promise<unknown>;
  #gone: Error | undefined;

  constructor(data: ReaderData) {
    this.#worker = new Worker(workerEntry('main/platform/archive-reader-worker.ts'), { workerData: data, name: 'archive reader' });
    this.#worker.on('message', (message: FromReader) => {
      const { resolve, reject } = this.#waiting.shift()!;
      if (message.state === 'filled') resolve(message);
      else reject(errorOf(message));
    });
    const fail = (cause: unknown) => {
      this.#gone ??= threadDied('archive reader', cause);
      for (const { reject } of this.#waiting.splice(0)) reject(this.#gone);
    };
    this.#worker.on('error', fail);
    this.#worker.on('exit', fail);
    this.#ended = new Promise((resolve) => this.#worker.once('exit', resolve));
  }

  fill(tray: ArrayBuffer, entries: { offset: number; place: EntryPlace }[]): Promise<Extract<FromReader, { state: 'filled' }>> {
    if (this.#gone) return Promise.reject(this.#gone);
    const answer = Promise.withResolvers<Extract<FromReader, { state: 'filled' }>>();
    // Whoever gives up before its turn leaves it unheard.
    answer.promise.catch(() => {});
    this.#waiting.push(answer);
    this.#worker.postMessage({ type: 'fill', tray, entries } satisfies ToReader, [tray]);
    return answer.promise;
  }

  /** Told to end and not ended from outside: see TaskPool's own threads. */
  async close(): Promise<void> {
    this.#worker.postMessage({ type: 'end' } satisfies ToReader);
    await this.#ended;
  }
}

/**
 * Reads entries one after another in a thread of its own, a tray of some megabytes ahead of whoever takes them.
 * @param archive must stay open until the generator has ended
 * @throws archive.passwordWrong, .damaged, task.died, and the signal's reason
 */
export async function* digestEntries<Entry>(
  archive: BytesPlace,
  entries: readonly { entry: Entry; place: EntryPlace }[],
  password: string,
  signal: AbortSignal,
): AsyncGenerator<Digested<Entry>[]> {
  const loads = load(entries);
  if (loads.length === 0) return;
  const reader = new Reader({ archive, password });
  const filled: ReturnType<Reader['fill']>[] = [];
  let next = 0;
  const fillNext = (tray: ArrayBuffer) => {
    const given = loads[next];
    next += 1;
    if (given)
      filled.push(
        reader.fill(
          tray,
          given.entries.map(({ offset, place }) => ({ offset, place })),
        ),
      );
  };
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => {});
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    const largest = Math.max(...loads.map(({ bytes }) => bytes));
    for (let count = 0; count < Math.min(trays, loads.length); count += 1) fillNext(new ArrayBuffer(largest));
    for (const { entries: loaded } of loads) {
      const { tray, digests } = await Promise.race([filled.shift()!, aborted.promise]);
      yield loaded.map(({ entry, offset, place }, index) => ({
        entry,
        content: Buffer.from(tray, offset, place.bytes),
        ...digests[index]!,
      }));
      signal.throwIfAborted();
      fillNext(tray);
    }
  } finally {
    signal.removeEventListener('abort', abort);
    await reader.close();
  }
}
