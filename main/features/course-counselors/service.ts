import { randomUUID } from 'node:crypto';
import { formatTerm } from '../../../domain/term.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import type { TermGridQuery } from '../../application/grid-contract.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { Handlers } from '../../application/router.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { assignmentSummary, classAssignments } from '../counselors/service.ts';
import type { OfficeRecords } from '../sync/service.ts';
import { courseCounselorClassGrid, type courseCounselors, courseCounselorTeacherGrid } from './contract.ts';
import { carriedOver, classesOf, teacherSource, termBefore } from './queries.ts';

/** 設定課程諮詢教師 (manual §3.3). */
export function courseCounselorsHandlers({
  foundation,
  connection: { sqlite },
  sync,
  changed,
}: FeatureServices): Handlers<typeof courseCounselors> {
  const teachers = gridHandlers(foundation, courseCounselorTeacherGrid, (input: TermGridQuery) => teacherSource(input), formatTerm);
  const recordOf = (teacherId: string, classId: string) =>
    sqlite
      .prepare<[string, string], string>(
        'select id from course_counselors where teacher_id = ? and class_section_id = ? and deleted_at is null',
      )
      .pluck()
      .get(teacherId, classId);
  const termOf = (classId: string) =>
    sqlite
      .prepare<[string], { academicYear: number; semester: number }>(
        'select academic_year as academicYear, semester from class_sections where id = ? and deleted_at is null',
      )
      .get(classId);

  /** @returns how many were not there yet */
  const addAll = (records: OfficeRecords, settings: readonly { teacherId: string; classId: string }[]): number => {
    let added = 0;
    for (const { teacherId, classId } of settings) {
      const term = termOf(classId);
      if (!term || recordOf(teacherId, classId) !== undefined) continue;
      records.save('course-counselors', { id: randomUUID(), ...term, teacherId, classId });
      added += 1;
    }
    return added;
  };

  return {
    ...gridHandlers(
      foundation,
      courseCounselorClassGrid,
      (input: TermGridQuery) => classAssignments('course_counselors', input),
      formatTerm,
    ),
    teachers: teachers.list,
    exportTeachers: teachers.exportWorkbook,
    summary: (term) => assignmentSummary(sqlite, 'course_counselors', term),
    classes: ({ teacherId, ...term }) => classesOf(sqlite, teacherId, term),
    add: async ({ teacherId, classIds }, { accountName }) => {
      const known = sqlite.prepare('select 1 from teachers where id = ? and deleted_at is null').pluck().get(teacherId);
      if (known === undefined) {
        throw new ApplicationError('courseCounselors.teacherUnknown', '找不到這位教師，請重新整理後再選。', { teacherId });
      }
      const added = await sync.changeShared(accountName, (records) =>
        addAll(
          records,
          classIds.map((classId) => ({ teacherId, classId })),
        ),
      );
      changed('courseCounselors', 'dashboard');
      return { added };
    },
    remove: async ({ teacherId, classIds }, { accountName }) => {
      await sync.changeShared(accountName, (records) => {
        for (const classId of classIds) {
          const id = recordOf(teacherId, classId);
          if (id !== undefined) records.remove('course-counselors', id);
        }
      });
      changed('courseCounselors', 'dashboard');
      return { done: true };
    },
    previous: (term) => ({ ...termBefore(term), settings: carriedOver(sqlite, term) }),
    copyPrevious: async (term, { accountName }) => {
      const added = await sync.changeShared(accountName, (records) =>
        addAll(
          records,
          carriedOver(sqlite, term).flatMap(({ teacherId, classId }) => (classId === null ? [] : [{ teacherId, classId }])),
        ),
      );
      changed('courseCounselors', 'dashboard');
      return { added };
    },
  };
}
