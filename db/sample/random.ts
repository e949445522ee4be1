/**
 * Randomness that follows from its keys alone, so the same options make the same school, byte for byte, on every
 * machine. Each student, term and record draws from a stream of its own: adding a field to one leaves the others as they were.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  /** @param keys what the stream is for: the seed first, then numbers that tell it from every other stream */
  constructor(...keys: readonly number[]) {
    this.#a = 0x9e3779b9;
    this.#b = 0x243f6a88;
    this.#c = 0xb7e15162;
    for (const key of keys) {
      this.#a ^= key | 0;
      this.#b ^= Math.floor(key / 0x1_0000_0000) | 0;
      for (let round = 0; round < 4; round += 1) this.#next();
    }
    for (let round = 0; round < 8; round += 1) this.#next();
  }

  /** Small fast counter (sfc32): 32 bits a step. */
  #next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum >>> 0;
  }

  /** From 0 up to, not including, 1. */
  fraction(): number {
    return this.#next() / 0x1_0000_0000;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }

  /** True this often, 0 to 1. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.fraction() * items.length)]!;
  }

  /** Picks by weight. */
  weighted<Item>(items: readonly (readonly [Item, number])[]): Item {
    let total = 0;
    for (const item of items) total += item[1];
    let rest = this.fraction() * total;
    for (const item of items) {
      rest -= item[1];
      if (rest < 0) return item[0];
    }
    return items[items.length - 1]![0];
  }

  /** Bell-shaped (sum of four), mean 0, standard deviation 1, never beyond ±3.5. */
  normal(): number {
    return (this.fraction() + this.fraction() + this.fraction() + this.fraction() - 2) * Math.sqrt(3);
  }

  /** A count around `mean` with the long tail of rare events (Poisson). */
  count(mean: number): number {
    const limit = Math.exp(-mean);
    let product = this.fraction();
    let count = 0;
    while (product > limit && count < 60) {
      count += 1;
      product *= this.fraction();
    }
    return count;
  }

  /** The items in another order. */
  shuffled<Item>(items: readonly Item[]): Item[] {
    const order = [...items];
    for (let last = order.length - 1; last > 0; last -= 1) {
      const other = this.between(0, last);
      [order[last], order[other]] = [order[other]!, order[last]!];
    }
    return order;
  }
}

/** First keys of the streams, so that none is drawn from twice. */
export const stream = {
  roles: 1,
  teacher: 2,
  classes: 3,
  student: 4,
  courses: 5,
  attendance: 6,
  cadres: 7,
  rewards: 8,
  psychologicalTests: 9,
  outcomes: 10,
  performances: 11,
  consultations: 12,
  autobiographies: 13,
  submissions: 14,
  receipts: 15,
  transferFile: 16,
  file: 17,
} as const;
