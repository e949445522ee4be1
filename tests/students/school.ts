import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Sqlite } from '../../db/connection.ts';
import { migrate } from '../../db/migrate.ts';
import { classSortKey, toChineseNumeral } from '../../domain/class-order.ts';
import { withCheckDigit } from '../../domain/national-id.ts';
import { outcomeStates } from '../../domain/portfolio.ts';
import type { Foundation } from '../../main/application/foundation.ts';
import type { CallContext } from '../../main/application/router.ts';
import { schoolSettings } from '../../main/application/school-settings.ts';
import type { Session } from '../../main/application/sessions.ts';
import { openAttachmentStore } from '../../main/platform/attachment-store.ts';
import { openDataDirectory } from '../../main/platform/data-directory.ts';
import { createFileExchange } from '../../main/platform/file-exchange.ts';
import { silentLogger } from '../../main/platform/logger.ts';
import { deriveKey } from '../../main/platform/secret-store.ts';
import { TaskPool } from '../../main/platform/task-pool.ts';
import { WriteGate } from '../../main/platform/write-gate.ts';

/** Tuesday 2026-11-24, 11:06 in Taipei: 115 學年度第 1 學期. */
export const now = '2026-11-24T03:06:00.000Z';
export const currentYear = 115;
const masterKey = new Uint8Array(32).fill(9);

export interface School {
  foundation: Foundation;
  sqlite: Sqlite;
  /** What a handler is called with; `abort` cancels it. */
  context: (signal?: AbortSignal) => CallContext;
  progress: { step: string; done: number; total: number }[];
  close: () => Promise<void>;
}

/**
 * An empty, migrated data directory with everything a feature's service is built from, all of it real.
 * @param keepsSpare whether a task's thread waits ready, as in a program with a window
 */
export function openEmptySchool(schoolName = '市立測試高中', keepsSpare = false): School {
  const root = mkdtempSync(join(tmpdir(), 'school-'));
  const clock = { now: () => new Date(now) };
  const directory = openDataDirectory(root);
  const connection = openDatabase(directory.database, { key: deriveKey(masterKey, 'database') });
  migrate(connection.sqlite, { now: clock.now });
  const writeGate = new WriteGate();
  const attachments = openAttachmentStore(directory.attachments, { key: deriveKey(masterKey, 'attachments') });
  const settings = schoolSettings(connection);
  settings.set('school.code', '999999');
  settings.set('school.name', schoolName);
  const foundation: Foundation = {
    directory,
    connection,
    write: (change) => writeGate.run(() => connection.sqlite.transaction(change).immediate()),
    writeGate,
    attachments,
    tasks: new TaskPool(writeGate, { dataDirectory: root, masterKey, fixedNow: now }, { keepsSpare }),
    files: createFileExchange(),
    clock,
    log: silentLogger,
    masterKey,
    settings,
    changed: () => {},
  };
  const administrator: Session = {
    accountId: 'a',
    accountName: '999999adm',
    displayName: '學校管理者',
    administrator: true,
    rights: new Map(),
    mustChangePassword: false,
    locked: false,
    signedInAt: now,
  };
  const progress: School['progress'] = [];
  return {
    foundation,
    sqlite: connection.sqlite,
    progress,
    context: (signal = new AbortController().signal) => ({
      connectionId: 'test',
      session: administrator,
      accountName: '999999adm',
      signal,
      report: (step) => progress.push(step),
      callId: null,
    }),
    close: async () => {
      await foundation.tasks.close();
      await foundation.files.releaseAll();
      attachments.close();
      connection.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

const surnames = [...'陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐周葉蘇莊呂江何蕭羅高'];
const givenNames = [...'家豪志明俊傑建宏偉雅婷怡君淑芬美玲冠宇宗翰承恩品妍子晴語彤廷柏'];

const prepared = new WeakMap<Sqlite, Map<string, ReturnType<Sqlite['prepare']>>>();

/** Puts a row into a table, values by column: `{ student_number: '11500001' }`. */
export function insert(sqlite: Sqlite, table: string, row: Record<string, string | number | null>): void {
  const names = Object.keys(row);
  const sql = `insert into ${table} (${names.join(', ')}) values (${names.map((name) => `@${name}`).join(', ')})`;
  const statements = prepared.get(sqlite) ?? new Map();
  prepared.set(sqlite, statements);
  const statement = statements.get(sql) ?? sqlite.prepare(sql);
  statements.set(sql, statement);
  statement.run(row);
}

export const aRecord = {
  version: 1,
  source_school_code: '999999',
  uploaded_term: '1151',
  created_at: '2026-09-10T02:00:00.000Z',
  summary: '摘要',
};

export function outcomeRow(
  id: string,
  studentId: string,
  academicYear: number,
  semester: number,
  more: Record<string, string | number | null> = {},
) {
  return {
    ...aRecord,
    id,
    student_id: studentId,
    academic_year: academicYear,
    semester,
    course_code: '115999999H1100000010101',
    subject_name: '國語文',
    credits: 4,
    grade: 1,
    course_semester: semester,
    state: 'approved',
    ...more,
  };
}

export function performanceRow(id: string, studentId: string, academicYear: number, more: Record<string, string | number | null> = {}) {
  return {
    ...aRecord,
    id,
    student_id: studentId,
    category: 2,
    academic_year: academicYear,
    semester: 1,
    title: '科學展覽',
    details: '{"competitionName":"科學展覽"}',
    ...more,
  };
}

/**
 * Fills a school: three grades (or fewer), every class in every term its students were here, records in every state. Counts differ
 * from student to student but are the same in every run.
 */
export function fillSchool(sqlite: Sqlite, size: { grades: number; classes: number; seats: number; firstGrade?: number }): void {
  sqlite.transaction(() => {
    let recordNumber = 0;
    let studentCount = 0;
    for (let grade = size.firstGrade ?? 1; grade <= size.grades; grade += 1) {
      for (let classNumber = 1; classNumber <= size.classes; classNumber += 1) {
        const teacherId = `t${grade}${classNumber}`;
        insert(sqlite, 'teachers', {
          id: teacherId,
          version: 1,
          account: teacherId,
          name: `${surnames[(grade * 7 + classNumber) % 30]}老師`,
          active: 1,
        });
        const terms: { id: string; academicYear: number; semester: number }[] = [];
        for (let back = grade - 1; back >= 0; back -= 1) {
          for (const semester of back === 0 ? [1] : [1, 2]) {
            const academicYear = currentYear - back;
            const gradeThen = grade - back;
            const name = `${toChineseNumeral(gradeThen)}年${toChineseNumeral(classNumber)}班`;
            const id = `c${academicYear}${semester}-${gradeThen}-${classNumber}`;
            insert(sqlite, 'class_sections', {
              id,
              version: 1,
              academic_year: academicYear,
              semester,
              grade: gradeThen,
              code: `${gradeThen}${String(classNumber).padStart(2, '0')}`,
              name,
              sort_key: classSortKey(name),
              homeroom_teacher_id: teacherId,
            });
            terms.push({ id, academicYear, semester });
          }
        }
        const current = terms.at(-1)!;
        for (let seat = 1; seat <= size.seats; seat += 1) {
          studentCount += 1;
          const id = `s${studentCount}`;
          const className = `${toChineseNumeral(grade)}年${toChineseNumeral(classNumber)}班`;
          insert(sqlite, 'students', {
            id,
            version: 1,
            student_number: `${currentYear - grade + 1}${String(studentCount).padStart(5, '0')}`,
            identity: withCheckDigit(`A1${String(studentCount).padStart(7, '0')}`),
            name: `${surnames[studentCount % 30]}${givenNames[(studentCount * 7) % givenNames.length]}${givenNames[(studentCount * 13) % givenNames.length]}`,
            birth_date: '2010-05-04',
            sex: seat % 2 ? 'male' : 'female',
            status: 'enrolled',
            entry_year: currentYear - grade + 1,
            current_class_id: current.id,
            current_seat_number: seat,
            current_grade: grade,
            current_class_sort_key: classSortKey(className),
          });
          for (const term of terms) {
            insert(sqlite, 'enrollments', {
              student_id: id,
              academic_year: term.academicYear,
              semester: term.semester,
              class_section_id: term.id,
              seat_number: seat,
            });
            for (let number = 0; number < (studentCount * 3 + term.academicYear + term.semester) % 9; number += 1) {
              recordNumber += 1;
              insert(
                sqlite,
                'learning_outcomes',
                outcomeRow(`o${recordNumber}`, id, term.academicYear, term.semester, {
                  state: outcomeStates[(recordNumber * 5) % 7 < 4 ? 2 : recordNumber % 4]!,
                  ticked_at: recordNumber % 5 === 0 ? now : null,
                  deleted_at: recordNumber % 23 === 0 ? now : null,
                }),
              );
            }
            if (term.semester === 2) continue;
            for (let number = 0; number < (studentCount + term.academicYear) % 6; number += 1) {
              recordNumber += 1;
              insert(
                sqlite,
                'diverse_performances',
                performanceRow(`p${recordNumber}`, id, term.academicYear, {
                  category: (recordNumber % 10) + 1,
                  ticked_at: recordNumber % 3 === 0 ? now : null,
                  deleted_at: recordNumber % 29 === 0 ? now : null,
                }),
              );
            }
          }
        }
      }
    }
  })();
}
