import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ResourceSummary } from './protocol.ts';
import { summaryBuckets } from './protocol.ts';

/**
 * What two sides compare instead of their records: for each bucket of ids how many records live there, and a fingerprint of their
 * versions. Both are the same in whatever order the records are read.
 */
export type BucketSummary = ResourceSummary['buckets'][number];

/** The bucket of a record: it depends on the id alone, so that both sides have a record in the same one. */
export const bucketOf = (id: string): number => crc32(id) % summaryBuckets;

const carry = 2 ** 32;

/**
 * Adds records up, bucket by bucket. The fingerprint is the sum, modulo 2^64, of the first eight bytes (big-endian) of the SHA-256 of
 * `<id> <version>` of each record.
 */
export function createSummary() {
  const counts = new Uint32Array(summaryBuckets);
  // In halves: a number holds 53 bits, and a bigint a record costs more than the hash.
  const high = new Uint32Array(summaryBuckets);
  const low = new Uint32Array(summaryBuckets);
  const addHalves = (bucket: number, records: number, upper: number, lower: number) => {
    counts[bucket]! += records;
    const sum = low[bucket]! + lower;
    low[bucket] = sum % carry;
    high[bucket] = (high[bucket]! + upper + (sum >= carry ? 1 : 0)) % carry;
  };
  return {
    add: (id: string, version: number) => {
      const digest = hash('sha256', `${id} ${version}`, 'buffer');
      addHalves(bucketOf(id), 1, digest.readUInt32BE(0), digest.readUInt32BE(4));
    },
    /** Records counted elsewhere that belong to the bucket too. */
    addBucket: (bucket: number, { count, fingerprint }: BucketSummary) =>
      addHalves(bucket, count, Number.parseInt(fingerprint.slice(0, 8), 16), Number.parseInt(fingerprint.slice(8), 16)),
    buckets: (): BucketSummary[] =>
      Array.from(counts, (count, bucket) => ({
        count,
        fingerprint: high[bucket]!.toString(16).padStart(8, '0') + low[bucket]!.toString(16).padStart(8, '0'),
      })),
  };
}

/** Buckets in which two sides do not have the same. */
export const differingBuckets = (here: readonly BucketSummary[], there: readonly BucketSummary[]): number[] =>
  here.flatMap(({ count, fingerprint }, bucket) =>
    count === there[bucket]!.count && fingerprint === there[bucket]!.fingerprint ? [] : [bucket],
  );
