import type { CheckProgress } from '../../platform/archive-check.ts';
import type { Progress } from '../../platform/task-pool.ts';

/** What a byte goes through, and how much of the whole each is. Most is written and checked at the same time. */
const shares = { read: 0.1, written: 0.45, checked: 0.4, tested: 0.05 } as const;

/** How far one file is; what is told of it is told on by `ProductionProgress`. */
export class FileProgress {
  /** Bytes of its attachments, which stand for the file. */
  readonly bytes: number;
  #check: { bytes: number; progress: CheckProgress } | undefined;
  #read = 0;
  #tested = 0;

  constructor(bytes: number) {
    this.bytes = bytes;
  }

  /** Bytes read before anything is written. */
  read(bytes: number): void {
    this.#read = bytes;
  }

  /** The file is about to be written and checked. @param bytes of the whole file */
  laidOut(bytes: number, progress: CheckProgress): void {
    this.#read = this.bytes;
    this.#check = { bytes, progress };
  }

  /** Part that 7-Zip has tested, 0 to 1. */
  tested(part: number): void {
    this.#tested = part;
  }

  get step(): '準備檔案' | '壓縮加密' | '檢查檔案' {
    if (!this.#check) return '準備檔案';
    return this.#check.progress.written < this.#check.bytes ? '壓縮加密' : '檢查檔案';
  }

  /** Bytes of work done, at most `bytes`. */
  get done(): number {
    const of = (bytes: number | undefined) => (this.#check && bytes !== undefined ? bytes / this.#check.bytes : 0);
    const { written, checked } = this.#check?.progress ?? {};
    const read = this.bytes === 0 ? 1 : this.#read / this.bytes;
    return this.bytes * (shares.read * read + shares.written * of(written) + shares.checked * of(checked) + shares.tested * this.#tested);
  }
}

const interval = 100;

/** How far the files of one job are, in bytes over all of them, told ten times a second. */
export class ProductionProgress {
  readonly #files: FileProgress[] = [];
  readonly #count: number;
  readonly #total: number;
  readonly #report: (progress: Progress) => void;
  readonly #ticking: NodeJS.Timeout;

  /** @param total bytes of the attachments of all files */
  constructor(count: number, total: number, report: (progress: Progress) => void) {
    this.#count = count;
    this.#total = total;
    this.#report = report;
    this.#ticking = setInterval(() => this.tell(), interval);
  }

  /** @param bytes of the attachments of the file that is begun */
  begin(bytes: number): FileProgress {
    const file = new FileProgress(bytes);
    this.#files.push(file);
    this.tell();
    return file;
  }

  tell(): void {
    const newest = this.#files.at(-1);
    if (!newest) return;
    const done = this.#files.reduce((sum, file) => sum + file.done, 0);
    this.#report({
      step: this.#count === 1 ? newest.step : `${newest.step}（${this.#files.length}/${this.#count}）`,
      done: Math.min(this.#total, Math.floor(done)),
      total: this.#total,
      unit: '位元組',
    });
  }

  end(): void {
    clearInterval(this.#ticking);
  }
}
