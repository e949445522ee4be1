/**
 * One writer at a time, waited for without blocking. SQLite's own lock would stop the waiting thread; here commands
 * of the backend and applying workers queue for a lease, and the event loop goes on.
 */
export class WriteGate {
  #tail: Promise<void> = Promise.resolve();

  /** Waits for the turn; the lease is kept until `release` is called (once; later calls do nothing). */
  async acquire(): Promise<{ release: () => void }> {
    const before = this.#tail;
    let release!: () => void;
    this.#tail = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return { release };
  }

  /** Runs `work` as the only writer. */
  async run<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    const lease = await this.acquire();
    try {
      return await work();
    } finally {
      lease.release();
    }
  }
}
