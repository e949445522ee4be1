/**
 * JSON from a stranger, parsed only after one look along its bytes: how deep and how much it is, that no object has a
 * key twice (`JSON.parse` would silently take the last), that numbers are finite and texts well-formed. One pass, in
 * memory that grows with the depth and the open objects' keys only.
 */
export interface JsonLimits {
  depth: number;
  /** Objects, lists, texts, numbers, true, false and null. */
  values: number;
}

export type JsonFaultKind = 'encoding' | 'syntax' | 'tooDeep' | 'tooManyValues' | 'duplicateKey' | 'number' | 'text';

export class JsonFault extends Error {
  readonly fault: JsonFaultKind;
  /** Byte in the text. */
  readonly position: number;

  constructor(fault: JsonFaultKind, position: number) {
    super(`JSON: ${fault} at byte ${position}`);
    this.name = 'JsonFault';
    this.fault = fault;
    this.position = position;
  }
}

const quote = 0x22;
const backslash = 0x5c;
const openObject = 0x7b;
const closeObject = 0x7d;
const openList = 0x5b;
const closeList = 0x5d;
const comma = 0x2c;
const minus = 0x2d;
const letterU = 0x75;

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
const isOfNumber = (byte: number) => isDigit(byte) || byte === 0x2e || byte === minus || byte === 0x2b || byte === 0x65 || byte === 0x45;
const isLetter = (byte: number) => (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
/** Numbers without an exponent and shorter than this are finite. */
const surelyFinite = 300;

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;

class Scan {
  readonly #bytes: Buffer;
  readonly #limits: JsonLimits;
  /** Keys of each open object; null for a list. */
  readonly #open: (Set<string> | null)[] = [];
  #keyNext = false;
  #values = 0;

  constructor(bytes: Buffer, limits: JsonLimits) {
    this.#bytes = bytes;
    this.#limits = limits;
  }

  run(): void {
    const bytes = this.#bytes;
    for (let at = 0; at < bytes.byteLength; ) {
      const byte = bytes[at]!;
      if (byte === quote) at = this.#text(at);
      else if (byte === openObject || byte === openList) at = this.#enter(at, byte === openObject);
      else if (byte === closeObject || byte === closeList) {
        this.#open.pop();
        this.#keyNext = false;
        at += 1;
      } else if (byte === comma) {
        this.#keyNext = (this.#open.at(-1) ?? null) !== null;
        at += 1;
      } else if (isDigit(byte) || byte === minus) at = this.#number(at);
      else if (isLetter(byte)) at = this.#word(at);
      else at += 1;
    }
  }

  #count(at: number): void {
    this.#values += 1;
    if (this.#values > this.#limits.values) throw new JsonFault('tooManyValues', at);
  }

  #enter(at: number, isObject: boolean): number {
    this.#count(at);
    if (this.#open.length >= this.#limits.depth) throw new JsonFault('tooDeep', at);
    this.#open.push(isObject ? new Set() : null);
    this.#keyNext = isObject;
    return at + 1;
  }

  #text(start: number): number {
    const bytes = this.#bytes;
    let escaped = false;
    let at = start + 1;
    while (at < bytes.byteLength && bytes[at] !== quote) {
      if (bytes[at] !== backslash) at += 1;
      else {
        escaped = true;
        at = bytes[at + 1] === letterU ? this.#unit(at) : at + 2;
      }
    }
    if (at >= bytes.byteLength) throw new JsonFault('syntax', start);
    if (this.#keyNext) this.#key(start, at + 1, escaped);
    else this.#count(start);
    return at + 1;
  }

  #unitAt(at: number): number {
    const isUnit = this.#bytes[at] === backslash && this.#bytes[at + 1] === letterU;
    const digits = isUnit ? this.#bytes.toString('latin1', at + 2, Math.min(at + 6, this.#bytes.byteLength)) : '';
    return /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : -1;
  }

  /** An escape of four hex digits; halves of a surrogate pair come together. */
  #unit(at: number): number {
    const unit = this.#unitAt(at);
    if (unit < 0) throw new JsonFault('syntax', at);
    if (isLow(unit) || (isHigh(unit) && !isLow(this.#unitAt(at + 6)))) throw new JsonFault('text', at);
    return at + (isHigh(unit) ? 12 : 6);
  }

  #key(start: number, end: number, escaped: boolean): void {
    const bytes = this.#bytes;
    let key = bytes.toString('latin1', start + 1, end - 1);
    if (escaped) {
      try {
        key = Buffer.from(JSON.parse(bytes.toString('utf8', start, end)) as string).toString('latin1');
      } catch {
        throw new JsonFault('syntax', start);
      }
    }
    const keys = this.#open.at(-1)!;
    if (keys!.has(key)) throw new JsonFault('duplicateKey', start);
    keys!.add(key);
    this.#keyNext = false;
  }

  #number(start: number): number {
    const bytes = this.#bytes;
    this.#count(start);
    let at = start;
    let exponent = false;
    while (at < bytes.byteLength && isOfNumber(bytes[at]!)) {
      exponent ||= bytes[at] === 0x65 || bytes[at] === 0x45;
      at += 1;
    }
    if ((exponent || at - start > surelyFinite) && !Number.isFinite(Number(bytes.toString('latin1', start, at)))) {
      throw new JsonFault('number', start);
    }
    return at;
  }

  #word(start: number): number {
    const bytes = this.#bytes;
    this.#count(start);
    let at = start;
    while (at < bytes.byteLength && isLetter(bytes[at]!)) at += 1;
    return at;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * @param bytes UTF-8, with a byte order mark or without
 * @throws JsonFault
 */
export function parseStrictJson(bytes: Buffer, limits: JsonLimits): unknown {
  new Scan(bytes, limits).run();
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new JsonFault('encoding', 0);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new JsonFault('syntax', 0);
  }
}
