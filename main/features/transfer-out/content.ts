import type { Sqlite } from '../../../db/connection.ts';
import { type StudentPortfolio, studentPortfolios } from '../../../db/student-portfolio.ts';
import { type MediaType, mediaTypes } from '../../../domain/media-type.ts';
import { performanceCategories } from '../../../domain/portfolio.ts';
import {
  cadreSection,
  outcomeSection,
  type TransferLink,
  type TransferStudent,
  transferFolders,
} from '../../../domain/transfer-content.ts';
import type { FileReference } from '../../central/resources.ts';
import { ApplicationError } from '../../platform/errors.ts';

/** A student who leaves, with everything of the portfolio that goes along. */
export interface Leaver {
  id: string;
  studentNumber: string;
  identity: string | null;
  name: string;
  birthDate: string;
  portfolio: StudentPortfolio;
}

/** A file on its way into a transfer file. */
export interface PackedFile {
  path: string;
  file: FileReference;
}

/** One student as written, and the files that the links point to. */
export interface PackedStudent {
  student: TransferStudent;
  files: PackedFile[];
  /** For each folder, the names the student gave the files. */
  names: Record<string, Record<string, string>>;
}

/**
 * Students with their portfolios, in the order asked for, each read when it is its turn: of a whole class only one is
 * in memory at a time.
 * @throws `student.unknown`
 */
export function* eachLeaver(sqlite: Sqlite, studentIds: readonly string[]): Generator<Leaver> {
  const find = sqlite.prepare<[string], Omit<Leaver, 'portfolio'>>(
    `select id, student_number as studentNumber, identity, name, birth_date as birthDate
     from students where id = ? and deleted_at is null`,
  );
  const portfolioOf = studentPortfolios(sqlite);
  for (const id of new Set(studentIds)) {
    const student = find.get(id);
    if (!student) throw new ApplicationError('student.unknown', '找不到這位學生，請重新整理學生清單後再試一次。', { studentId: id });
    yield { ...student, portfolio: portfolioOf(id) };
  }
}

/** Bytes of the files that go along with these students, each as often as a record has it. */
export function attachmentBytes(sqlite: Sqlite, studentIds: readonly string[]): number {
  return sqlite
    .prepare<[string], number>(
      `select coalesce(sum(a.bytes), 0) from (
         select student_id, document_sha256 as sha256 from learning_outcomes where deleted_at is null
         union all select student_id, media_sha256 from learning_outcomes where deleted_at is null
         union all select student_id, document_sha256 from diverse_performances where deleted_at is null
         union all select student_id, media_sha256 from diverse_performances where deleted_at is null) f
       join attachments a on a.sha256 = f.sha256
       where f.student_id in (select value from json_each(?))`,
    )
    .pluck()
    .get(JSON.stringify([...new Set(studentIds)]))!;
}

/** Records by section, as counts are shown: 課程學習成果, the ten categories, 校內幹部經歷. */
export function sectionCountsOf({ outcomes, performances, cadres }: StudentPortfolio): Record<string, number> {
  const byCategory = performanceCategories.map(({ category, title }) => [
    title,
    performances.filter((record) => record.category === category).length,
  ]);
  return { [outcomeSection]: outcomes.length, ...Object.fromEntries(byCategory), [cadreSection]: cadres.length };
}

function extensionOf({ mediaType, name }: FileReference): string {
  return mediaTypes[mediaType as MediaType]?.extension ?? /\.([0-9A-Za-z]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? 'bin';
}

/** Gives files their places: `C01.pdf`, `C02.mp4` … in one folder of one student. */
class Folder {
  readonly files: PackedFile[] = [];
  readonly names: Record<string, string> = {};
  readonly #path: string;
  readonly #letter: string;

  constructor(identity: string, folder: string, letter: string) {
    this.#path = `${identity}/${folder}`;
    this.#letter = letter;
  }

  add(file: FileReference | null): TransferLink | null {
    if (!file) return null;
    const name = `${this.#letter}${String(this.files.length + 1).padStart(2, '0')}.${extensionOf(file)}`;
    const path = `${this.#path}/${name}`;
    this.files.push({ path, file });
    this.names[name] = file.name;
    return { path, md5: file.md5 };
  }
}

/**
 * A leaver as the transfer file tells it. Every uploaded outcome goes along whatever its state (上傳 is all four of
 * them, manual §3.8), 認證狀態 in the words of our screens; certifiers and ticks have no place in the format.
 */
export function packStudent(
  leaver: Leaver & { identity: string },
  school: { code: string; academicYear: number; semester: number },
): PackedStudent {
  const outcomes = new Folder(leaver.identity, transferFolders.outcomes, 'C');
  const performances = new Folder(leaver.identity, transferFolders.performances, 'M');
  const student: TransferStudent = {
    schoolCode: school.code,
    unitCode: null,
    academicYear: school.academicYear,
    semester: school.semester,
    identity: leaver.identity,
    name: leaver.name,
    birthDate: leaver.birthDate,
    outcomes: leaver.portfolio.outcomes.map((row) => ({ ...row, document: outcomes.add(row.document), media: outcomes.add(row.media) })),
    performances: leaver.portfolio.performances.map((row) => ({
      ...row,
      document: performances.add(row.document),
      media: performances.add(row.media),
    })),
    cadres: leaver.portfolio.cadres,
  };
  return {
    student,
    files: [...outcomes.files, ...performances.files],
    names: {
      [`${leaver.identity}/${transferFolders.outcomes}`]: outcomes.names,
      [`${leaver.identity}/${transferFolders.performances}`]: performances.names,
    },
  };
}
