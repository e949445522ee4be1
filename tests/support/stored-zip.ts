import { crc32 } from 'node:zlib';

/** A ZIP of texts, stored as they are: for packages that no program at hand would write. */
export function storedZip(parts: Readonly<Record<string, string>>): Buffer {
  const bodies: Buffer[] = [];
  const listing: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(parts)) {
    const path = Buffer.from(name);
    const content = Buffer.from(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.byteLength, 14);
    common.writeUInt32LE(content.byteLength, 18);
    common.writeUInt16LE(path.byteLength, 22);
    const body = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, path, content]);
    const end = Buffer.alloc(14);
    end.writeUInt32LE(offset, 10);
    listing.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, end, path]));
    bodies.push(body);
    offset += body.byteLength;
  }
  const directory = Buffer.concat(listing);
  const tail = Buffer.alloc(22);
  tail.write('PK\x05\x06', 'latin1');
  tail.writeUInt16LE(listing.length, 8);
  tail.writeUInt16LE(listing.length, 10);
  tail.writeUInt32LE(directory.byteLength, 12);
  tail.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, directory, tail]);
}
