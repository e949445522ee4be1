import { type ContentProblem, contentProblems } from '../../../domain/file-content.ts';
import { fileLimit, type Limits } from '../../../domain/limits.ts';
import { type FileSlot, type MediaType, mediaTypes } from '../../../domain/media-type.ts';
import { parseTerm } from '../../../domain/term.ts';
import type { TellCell } from './check-cells.ts';
import type { RosterSheet } from './layouts.ts';
import type { RosterRecord } from './roster-sources.ts';

/** Files that the city was asked for and does not have. */
export type MissingFiles = ReadonlySet<string>;

const mebibyte = 1024 * 1024;
const slotNames: Record<FileSlot, string> = { document: '文件檔案', media: '影音檔案' };

interface RecordFile {
  sha256: string;
  name: string;
  type: string;
  bytes: number;
  damagedAt: string | null;
  verifiedAt: string | null;
  problem: ContentProblem | null;
}

function fileOf(record: RosterRecord, slot: FileSlot): RecordFile | undefined {
  const prefix = slot === 'document' ? 'document' : 'media';
  const sha256 = record[`${prefix}Sha256`];
  if (typeof sha256 !== 'string') return undefined;
  return {
    sha256,
    name: String(record[`${prefix}Name`] ?? ''),
    type: String(record[slot === 'document' ? 'documentType' : 'mediaType'] ?? ''),
    bytes: Number(record[`${prefix}Bytes`] ?? 0),
    damagedAt: record[`${prefix}DamagedAt`] as string | null,
    verifiedAt: record[`${prefix}VerifiedAt`] as string | null,
    problem: record[`${prefix}Problem`] as ContentProblem | null,
  };
}

/** The heading under which a file's address stands in the sheet. */
const headingOf = (sheet: RosterSheet, slot: FileSlot) =>
  sheet.columns.find(({ field }) => field === (slot === 'document' ? 'documentLink' : 'mediaLink'))?.title ?? slotNames[slot];

/** One file of a record: there, whole, of its kind and size. */
function checkFile(sheet: RosterSheet, file: RecordFile, slot: FileSlot, year: number, missing: MissingFiles, tell: TellCell): void {
  const heading = headingOf(sheet, slot);
  const named = `${slotNames[slot]}「${file.name}」`;
  const kind = mediaTypes[file.type as MediaType];
  const limit = fileLimit(slot, year);
  if (missing.has(file.sha256)) tell('file.missing', heading, `${named}不存在`);
  else if (file.damagedAt !== null) tell('file.damaged', heading, `${named}內容與上傳時不符`);
  else if (file.problem === 'otherKind' || kind?.slot !== slot) tell('file.kind', heading, `${named}${contentProblems.otherKind}`);
  else if (file.problem !== null) tell('file.unreadable', heading, `${named}${contentProblems[file.problem]}`);
  else if (file.bytes > limit) {
    tell('file.tooBig', heading, `${named}${(file.bytes / mebibyte).toFixed(1)} MB，超過 ${limit / mebibyte} MB`);
  } else if (file.verifiedAt === null) tell('file.unchecked', heading, `${named}不在本機，還沒有檢查內容`);
}

/** The files of a record, and that an outcome has one (manual §3.8: 文件、影音, or both). */
export function checkFiles(sheet: RosterSheet, record: RosterRecord, limits: Limits, missing: MissingFiles, tell: TellCell): void {
  if (sheet.source === 'cadres') return;
  const uploadedYear = parseTerm(String(record.uploadedTerm))?.academicYear ?? limits.fromAcademicYear;
  const files = (['document', 'media'] as const).map((slot) => ({ slot, file: fileOf(record, slot) }));
  for (const { slot, file } of files) if (file) checkFile(sheet, file, slot, uploadedYear, missing, tell);
  if (sheet.source === 'outcomes' && files.every(({ file }) => file === undefined)) {
    tell('file.none', headingOf(sheet, 'document'), '沒有文件也沒有影音檔案');
  }
}
