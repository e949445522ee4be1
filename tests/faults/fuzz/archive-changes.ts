import type { Random } from '../../../db/sample/random.ts';

/** Changes to the bytes of a ZIP that know where its parts are. */
export type Change = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

interface Record {
  kind: 'local' | 'central' | 'descriptor' | 'end' | 'zip64End' | 'locator';
  at: number;
  length: number;
}

const signatures: [Record['kind'], number][] = [
  ['local', 0x04034b50],
  ['central', 0x02014b50],
  ['descriptor', 0x08074b50],
  ['end', 0x06054b50],
  ['zip64End', 0x06064b50],
  ['locator', 0x07064b50],
];

/** Records by their signatures: content that looks like one is a record too, which does no harm here. */
function recordsOf(bytes: Buffer): Record[] {
  const records: Record[] = [];
  for (let at = bytes.indexOf('PK'); at >= 0 && at + 4 <= bytes.byteLength; at = bytes.indexOf('PK', at + 1)) {
    const kind = signatures.find(([, signature]) => bytes.readUInt32LE(at) === signature)?.[0];
    if (!kind) continue;
    const short = (offset: number) => (at + offset + 2 <= bytes.byteLength ? bytes.readUInt16LE(at + offset) : 0);
    const lengths = {
      local: 30 + short(26) + short(28),
      central: 46 + short(28) + short(30) + short(32),
      descriptor: 16,
      end: 22 + short(20),
      zip64End: 56,
      locator: 20,
    };
    // Cut short by an earlier change: no record to change.
    if (at + lengths[kind] <= bytes.byteLength) records.push({ kind, at, length: lengths[kind] });
  }
  return records;
}

/** Whether there is something left to change. */
export const isListed = (bytes: Buffer) => recordsOf(bytes).some(({ kind }) => kind === 'central');

const insert = (bytes: Buffer, at: number, more: Buffer) => Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
const remove = (bytes: Buffer, at: number, length: number) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
const anywhere = (bytes: Buffer, random: Random) => random.between(0, Math.max(0, bytes.byteLength - 1));
const some = (random: Random, length: number) => Buffer.from(Array.from({ length }, () => random.between(0, 255)));

/** Numbers that break readers, and some beside what is there. */
function telling(random: Random, now: number, bytes: Buffer): number {
  return random.pick([
    0,
    1,
    2,
    0x7f,
    0xff,
    0xffff,
    0x7fffffff,
    0x80000000,
    0xffffffff,
    now + 1,
    now - 1,
    now * 2,
    bytes.byteLength,
    now ^ 1,
    now ^ 0x800,
  ]);
}

function setField(bytes: Buffer, at: number, size: 1 | 2 | 4, value: number): void {
  if (at + size > bytes.byteLength) return;
  if (size === 1) bytes.writeUInt8(value & 0xff, at);
  else if (size === 2) bytes.writeUInt16LE(value & 0xffff, at);
  else bytes.writeUInt32LE(value >>> 0, at);
}

const flipBits: Change = (bytes, random) => {
  for (let count = random.between(1, 4); count > 0; count -= 1) bytes[anywhere(bytes, random)]! ^= 1 << random.between(0, 7);
  return bytes;
};

const flipInRecord: Change = (bytes, random) => {
  const { at, length } = random.pick(recordsOf(bytes));
  bytes[at + random.between(0, length - 1)]! ^= 1 << random.between(0, 7);
  return bytes;
};

/** One field of one record. */
const setOne: Change = (bytes, random) => {
  const { at, length } = random.pick(recordsOf(bytes));
  const size = random.pick([1, 2, 4] as const);
  const place = at + random.between(0, Math.max(0, length - size));
  const now = place + 4 <= bytes.byteLength ? bytes.readUInt32LE(place) : 0;
  setField(bytes, place, size, telling(random, now, bytes));
  return bytes;
};

/** The same field of an entry in both its headers, so that they agree. */
const setBoth: Change = (bytes, random) => {
  const central = random.pick(recordsOf(bytes).filter(({ kind }) => kind === 'central'));
  const local = bytes.readUInt32LE(central.at + 42);
  const [here, there, size] = random.pick([
    [6, 8, 2],
    [8, 10, 2],
    [14, 16, 4],
    [18, 20, 4],
    [22, 24, 4],
  ] as const);
  const value = telling(random, size === 2 ? bytes.readUInt16LE(central.at + there) : bytes.readUInt32LE(central.at + there), bytes);
  setField(bytes, central.at + there, size, value);
  setField(bytes, local + here, size, value);
  return bytes;
};

const truncate: Change = (bytes, random) => {
  const { at, length } = random.pick(recordsOf(bytes));
  return bytes.subarray(
    0,
    random.pick([anywhere(bytes, random), at, at + length, at + Math.floor(length / 2), bytes.byteLength - random.between(1, 40)]),
  );
};

const cutOut: Change = (bytes, random) => {
  const record = random.pick(recordsOf(bytes));
  return random.chance(0.5) ? remove(bytes, record.at, record.length) : remove(bytes, anywhere(bytes, random), random.between(1, 200));
};

const double: Change = (bytes, random) => {
  const { at, length } = random.pick(recordsOf(bytes));
  return insert(bytes, random.chance(0.5) ? at + length : anywhere(bytes, random), Buffer.from(bytes.subarray(at, at + length)));
};

const putIn: Change = (bytes, random) =>
  insert(bytes, random.pick([0, anywhere(bytes, random), bytes.byteLength]), some(random, random.between(1, 64)));

const pad: Change = (bytes, random) => Buffer.concat([bytes, Buffer.alloc(random.between(1, 3000), random.pick([0, 0, 10, 13, 32, 80]))]);

/** The beginning of one archive and the end of another. */
const splice: Change = (bytes, random, others) => {
  const other = random.pick(others);
  return Buffer.concat([bytes.subarray(0, anywhere(bytes, random)), other.subarray(anywhere(other, random))]);
};

const swapRecords: Change = (bytes, random) => {
  const central = recordsOf(bytes).filter(({ kind }) => kind === 'central');
  const [first, second] = random
    .shuffled(central)
    .slice(0, 2)
    .sort((a, b) => a.at - b.at);
  if (!first || !second) return bytes;
  const part = (from: number, to: number) => bytes.subarray(from, to);
  return Buffer.concat([
    part(0, first.at),
    part(second.at, second.at + second.length),
    part(first.at + first.length, second.at),
    part(first.at, first.at + first.length),
    part(second.at + second.length, bytes.byteLength),
  ]);
};

/** Two entries change places: each is said to lie where the other does. */
const swapOffsets: Change = (bytes, random) => {
  const [first, second] = random.shuffled(recordsOf(bytes).filter(({ kind }) => kind === 'central'));
  if (!first || !second) return bytes;
  const offset = bytes.readUInt32LE(first.at + 42);
  bytes.writeUInt32LE(bytes.readUInt32LE(second.at + 42), first.at + 42);
  bytes.writeUInt32LE(offset, second.at + 42);
  return bytes;
};

/** Changes by name, so that a failure can say which it was. */
export const archiveChanges: Readonly<{ [name: string]: Change }> = {
  flipBits,
  flipInRecord,
  setOne,
  setBoth,
  truncate,
  cutOut,
  double,
  putIn,
  pad,
  splice,
  swapRecords,
  swapOffsets,
};
