import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transferKeys as keys } from '../../../domain/transfer-content.ts';
import { openArchive } from '../../../main/platform/archive-reader.ts';
import type { HandedOver } from '../transfer.ts';

type Json = Record<string, unknown>;

/** What another school's system would pack for one student: the content alone, before any program makes a file of it. */
export interface Parcel {
  /** `999999_2026_11_24_09_00_00` */
  name: string;
  identity: string;
  student: Json;
  files: ReadonlyMap<string, Buffer>;
  /** `filename_mapping.json` of each folder. */
  mappings: ReadonlyMap<string, Json>;
}

export interface ParcelEntry {
  name: string;
  content: Buffer;
}

/** Takes a transfer file of our own apart, a parcel a student; what this application adds (the manifest) is left out. */
export async function parcelsOf({ path, fileName, password }: HandedOver): Promise<Parcel[]> {
  const archive = await openArchive(path, { entries: 100_000, totalBytes: 2 ** 32, ratio: 1000 });
  try {
    const contents = new Map<string, Buffer>();
    for (const entry of archive.entries) if (!entry.directory) contents.set(entry.name, await archive.read(entry, password, 2 ** 26));
    const name = fileName.replace('.zip', '');
    const students = JSON.parse(contents.get(`${name}.json`)!.toString()) as Json[];
    return students.map((student) => {
      const identity = (student[keys.basics] as Json)[keys.identity] as string;
      const own = [...contents].filter(([path]) => path.startsWith(`${identity}/`));
      return {
        name,
        identity,
        student,
        files: new Map(own.filter(([path]) => !path.endsWith('.json'))),
        mappings: new Map(
          own.filter(([path]) => path.endsWith('.json')).map(([path, text]) => [dirname(path), JSON.parse(text.toString())]),
        ),
      };
    });
  } finally {
    await archive.close();
  }
}

export interface Packing {
  /** Name of the JSON. */
  jsonName?: string;
  /** In front of every name. */
  top?: string;
  withoutMappings?: boolean;
  /** Changes the JSON before it is written. */
  change?: (student: Json) => Json;
  /** Makes the bytes of the JSON. */
  write?: (students: Json[]) => Buffer;
}

/** The entries of a parcel in the layout of the format. */
export function entriesOf(parcel: Parcel, packing: Packing = {}): ParcelEntry[] {
  const { jsonName = `${parcel.name}.json`, top = '', change = (student) => student } = packing;
  const write = packing.write ?? ((students: Json[]) => Buffer.from(JSON.stringify(students)));
  const mappings = packing.withoutMappings ? [] : [...parcel.mappings];
  return [
    { name: jsonName, content: write([change(structuredClone(parcel.student))]) },
    ...mappings.map(([folder, names]) => ({ name: `${folder}/filename_mapping.json`, content: Buffer.from(JSON.stringify(names)) })),
    ...[...parcel.files].map(([name, content]) => ({ name, content })),
  ].map(({ name, content }) => ({ name: top + name, content }));
}

/** Changes every object of the JSON, the innermost first. */
export function everyObject(value: unknown, change: (object: Json) => Json): unknown {
  if (Array.isArray(value)) return value.map((item) => everyObject(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, everyObject(inner, change)])));
}

/** Changes every value whose key matches. */
export const everyValue = (student: Json, key: RegExp, change: (value: unknown) => unknown): Json =>
  everyObject(student, (object) =>
    Object.fromEntries(Object.entries(object).map(([name, value]) => [name, key.test(name) ? change(value) : value])),
  ) as Json;

/** Puts bytes where a clerk has the file, with the MD5 the sender would tell. */
export function placed(folder: string, fileName: string, bytes: Buffer, password: string): HandedOver {
  const path = join(folder, fileName);
  writeFileSync(path, bytes);
  return { path, fileName, md5: createHash('md5').update(bytes).digest('hex'), password };
}
