import { documentTransferKeys, performanceFields } from '../../domain/performance-fields.ts';
import { md5OfNothing, neverSubmitted, type PerformanceCategory, performanceCategories } from '../../domain/portfolio.ts';
import { instantOfTaipei, taipeiDateTime } from '../../domain/roc-date.ts';
import { formatTerm } from '../../domain/term.ts';
import { Calendar, dayIn, earlier, instantOn, type SchoolTerm } from './calendar.ts';
import { classCourses, courseCodeOf } from './curriculum.ts';
import { type FileKind, type SampleFile, sampleFile } from './files/recipe.ts';
import { inventOutcomeText } from './outcomes.ts';
import { inventPerformance } from './performances.ts';
import { Random, stream } from './random.ts';
import type { SampleStudent } from './register.ts';

/**
 * The JSON of one student as another vendor's system writes it. Keys are those of the exchange format, in its order,
 * written out here on their own and not through our own writer: what we read was not made by us.
 */

/** How the sender's system writes what the format leaves open. */
export interface SenderHabits {
  schoolCode: string;
  /** Years, hours and credits as text. */
  numbersAsText: boolean;
}

/** How many of each the student brings; categories by number. */
export interface BroughtCounts {
  outcomes: number;
  cadres: number;
  performances: Partial<Record<PerformanceCategory, number>>;
}

export interface PackedFile {
  path: string;
  /** The name the student gave it. */
  originalName: string;
  recipe: string;
}

export interface TransferRecord {
  json: Record<string, unknown>;
  files: readonly PackedFile[];
}

const slashed = (day: string) => day.replaceAll('-', '/');

/** Writes one student's record. */
export class TransferRecordWriter {
  readonly #student: SampleStudent;
  readonly #identity: string;
  readonly #habits: SenderHabits;
  readonly #seed: number;
  readonly #today: string;
  readonly #random: Random;
  readonly #terms: readonly SchoolTerm[];
  readonly #files: PackedFile[] = [];

  /** @param student has an identity and was elsewhere before the current term */
  constructor(student: SampleStudent, identity: string, habits: SenderHabits, seed: number, today: string) {
    this.#student = student;
    this.#identity = identity;
    this.#habits = habits;
    this.#seed = seed;
    this.#today = today;
    this.#random = new Random(seed, stream.transferFile, student.ordinal);
    this.#terms = new Calendar(today, 4).terms.filter((term) => !term.current && term.academicYear >= student.record.entryYear);
  }

  write({ outcomes, cadres, performances }: BroughtCounts): TransferRecord {
    const last = this.#terms.at(-1)!;
    const json = {
      基本資料: {
        ...this.#school(last),
        '國民身分證統一編號(或居留證統一證號)': this.#identity,
        學生中文姓名: this.#student.record.name,
        學生出生年月日: slashed(this.#student.record.birthDate),
        擔任學校幹部經歷紀錄: Array.from({ length: cadres }, (_, index) => this.#cadre(index)),
      },
      課程學習成果紀錄: Array.from({ length: outcomes }, (_, index) => this.#outcome(index)),
      多元表現: Object.fromEntries(
        performanceCategories.map(({ category, transferKey }) => [
          transferKey,
          Array.from({ length: performances[category] ?? 0 }, (_, index) => this.#performance(category, index)),
        ]),
      ),
    };
    return { json, files: this.#files };
  }

  #number(value: number): number | string {
    return this.#habits.numbersAsText ? String(value) : value;
  }

  #school(term: SchoolTerm): Record<string, unknown> {
    return {
      就讀學校代碼: this.#habits.schoolCode,
      就讀單位代碼: '000000000',
      學年度: this.#number(term.academicYear),
      學期: this.#number(term.semester),
    };
  }

  #person(): Record<string, unknown> {
    return {
      '國民身分證統一編號(或居留證統一證號)': this.#identity,
      學生出生年月日: slashed(this.#student.record.birthDate),
    };
  }

  #termOf(index: number): SchoolTerm {
    return this.#terms[index % this.#terms.length]!;
  }

  #createdIn(term: SchoolTerm): string {
    return taipeiDateTime(new Date(instantOn(this.#random, dayIn(this.#random, term.taught!, true), 8, 22)));
  }

  #submittedTerm(term: SchoolTerm): string {
    // Of the year that is over, half was handed in before the student left.
    return this.#today > `${term.academicYear + 1912}-10-31` && this.#random.chance(0.5) ? `${term.academicYear + 1}1` : neverSubmitted;
  }

  #cadre(index: number): Record<string, unknown> {
    const term = this.#termOf(index);
    return {
      擔任學校幹部期間就讀學校代碼: this.#habits.schoolCode,
      擔任學校幹部期間就讀單位代碼: '000000000',
      學年度: this.#number(term.academicYear),
      學期: this.#number(term.semester),
      ...this.#person(),
      單位名稱: ['一年三班', '一年三班', '學生會'][index % 3],
      開始日期: slashed(term.teaching.from),
      結束日期: slashed(term.teaching.to),
      擔任職務名稱: ['學藝股長', '班長', '活動部部員', '衛生股長'][(index + this.#student.ordinal) % 4],
      幹部等級代碼: '2',
      建立日期: this.#createdIn(term),
      '提交紀錄(學年度及學期)': this.#submittedTerm(term),
    };
  }

  #outcome(index: number): Record<string, unknown> {
    const term = this.#termOf(index);
    const { entryYear } = this.#student.record;
    const grade = term.academicYear - entryYear + 1;
    const courses = classCourses(grade, term.semester, 'science');
    // Every course once, beginning with those that students like to keep.
    const { subject, credits } = courses[(3 + Math.floor(index / this.#terms.length)) % courses.length]!;
    const { name, summary } = inventOutcomeText(this.#random, subject);
    const createdAt = this.#createdIn(term);
    const retake = index === 5;
    const document = this.#pack('課程學習成果', 'C', index % 3 === 2 ? 'jpg' : 'pdf', name, summary);
    const media = index === 2 ? this.#pack('課程學習成果', 'C', 'mp4', name, summary) : undefined;
    return {
      修課學校代碼: this.#habits.schoolCode,
      修課單位代碼: '000000000',
      應修課學年度: this.#number(term.academicYear),
      應修課學期: this.#number(term.semester),
      ...this.#person(),
      課程代碼: courseCodeOf(entryYear, this.#habits.schoolCode, grade === 1 ? 'general' : 'science', subject),
      科目名稱: subject.name,
      學分數: this.#number(credits),
      開課年級: this.#number(grade),
      開課學期: this.#number(term.semester),
      是否為借讀生時的課程學習成果: false,
      是否為重修時的課程學習成果: retake,
      重修學年度及學期: retake ? formatTerm(this.#terms.at(-1)!) : '',
      重修方式: retake ? '1' : '',
      是否為補修時的課程學習成果: false,
      補修學年度及學期: '',
      補修方式: '',
      是否為重讀時的課程學習成果: false,
      重讀學年度及學期: '',
      是否為轉學轉科前的課程學習成果: false,
      課程學習成果文件檔案連結: document.path,
      文件檔案MD5: document.md5,
      課程學習成果影音檔案連結: media?.path ?? '',
      影音檔案MD5: media?.md5 ?? md5OfNothing,
      課程學習成果簡述: summary,
      認證狀態: '已認證(通過)',
      本課程學習成果上傳學年度及學期: formatTerm(term),
      建立日期及時間: createdAt,
      '提交紀錄(學年度及學期)': this.#submittedTerm(term),
    };
  }

  #performance(category: PerformanceCategory, index: number): Record<string, unknown> {
    const term = this.#termOf(index + category);
    const { details, summary } = inventPerformance(this.#random, category, term.taught!);
    const fields = performanceFields[category].map(({ key, transferKey, kind }) => {
      const value = details[key];
      return [transferKey, kind === 'day' ? slashed(String(value)) : kind === 'number' ? this.#number(Number(value)) : String(value ?? '')];
    });
    const title = `${performanceCategories[category - 1]!.title}${index + 1}`;
    const document = index === 2 ? undefined : this.#pack('多元表現', 'M', index === 1 ? 'png' : 'pdf', title, summary);
    const media = category === 8 ? this.#pack('多元表現', 'M', 'mp3', title, summary) : undefined;
    const keys = documentTransferKeys(category);
    return this.#inOrder(category, {
      ...this.#school(term),
      ...this.#person(),
      ...Object.fromEntries(fields),
      內容簡述: summary,
      [keys.link]: document?.path ?? '',
      [keys.md5]: document?.md5 ?? md5OfNothing,
      影音檔案連結: media?.path ?? '',
      影音檔案MD5: media?.md5 ?? md5OfNothing,
      外部影音連結: category === 8 ? 'https://video.example.edu.tw/watch/transfer' : '',
      本紀錄上傳學年度及學期: formatTerm(term),
      建立日期: this.#createdIn(term),
      '提交紀錄(學年度及學期)': this.#submittedTerm(term),
    });
  }

  /** Two categories have their last fields elsewhere: 團體或個人參與代碼 stands behind 內容簡述. */
  #inOrder(category: PerformanceCategory, record: Record<string, unknown>): Record<string, unknown> {
    if (category !== 2) return record;
    const { 內容簡述: summary, ...rest } = record;
    const entries = Object.entries(rest);
    entries.splice(
      entries.findIndex(([key]) => key === '團體或個人參與代碼'),
      0,
      ['內容簡述', summary],
    );
    return Object.fromEntries(entries);
  }

  #pack(
    folder: '課程學習成果' | '多元表現',
    letter: 'C' | 'M',
    kind: FileKind,
    name: string,
    summary: string,
  ): { path: string; md5: string } {
    const number = this.#files.filter((file) => file.path.includes(`/${folder}/`)).length + 1;
    const entry = `${letter}${String(number).padStart(2, '0')}`;
    const { reference, recipe }: SampleFile = sampleFile(
      {
        kind,
        seed: this.#seed,
        serial: `tf-${this.#student.ordinal}-${entry}`,
        lines: [name.replaceAll('_', ' '), this.#student.record.name, summary],
      },
      name,
    );
    const path = `${this.#identity}/${folder}/${entry}.${kind}`;
    this.#files.push({ path, originalName: reference.name, recipe });
    return { path, md5: reference.md5 };
  }
}

/** A day before today on which the sender's office was open, and the moment the file was made, as its name tells it. */
export function madeAt(random: Random, today: string, daysBefore: number): { instant: Date; stamp: string } {
  const day = earlier(today, new Date(Date.parse(today) - daysBefore * 86_400_000).toISOString().slice(0, 10));
  const instant = new Date(instantOfTaipei(day, '09:00:00').getTime() + random.between(0, 7 * 3600) * 1000);
  return { instant, stamp: taipeiDateTime(instant).replaceAll(/[- :]/g, '_') };
}
