import type { GridSource } from '../../../db/grid-query.ts';
import { formatTerm } from '../../../domain/term.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import type { TermGridQuery } from '../../application/grid-contract.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { Handlers } from '../../application/router.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { type coTeaching, coTeachingGrid } from './contract.ts';

/** Teachers of the term's courses that more than one teaches. */
function coTeachingSource({ academicYear, semester, keyword }: TermGridQuery & { keyword: string }): GridSource {
  const sought = keyword.normalize('NFKC').trim().toLowerCase();
  return {
    from: `course_offerings o
      join teaching_assignments a on a.course_offering_id = o.id
      join teachers t on t.id = a.teacher_id
      left join class_sections c on c.id = o.class_section_id`,
    where: `o.academic_year = @academicYear and o.semester = @semester and o.co_taught = 1 and o.deleted_at is null${
      sought === ''
        ? ''
        : ` and (instr(lower(coalesce(c.name, '跨班選修')), @sought) or instr(lower(o.course_name), @sought) or instr(lower(t.name), @sought))`
    }`,
    parameters: { academicYear, semester, ...(sought === '' ? {} : { sought }) },
    columns: {
      id: "o.id || ' ' || t.id",
      courseOfferingId: 'o.id',
      teacherId: 't.id',
      academicYear: 'o.academic_year',
      semester: 'o.semester',
      // An elective is of no class of its own.
      className: "coalesce(c.name, '跨班選修')",
      courseName: 'o.course_name',
      teacherName: 't.name',
      reviewer: "iif(a.reviewer, 'yes', 'no')",
    },
    sortBy: { className: 'c.id is null, c.sort_key, o.course_name, o.id', courseName: 'o.course_name, c.sort_key, o.id' },
    tieBreaker: 'o.id, t.name, t.id',
  };
}

/** 合開課程設定審核老師 (manual §3.4). */
export function coTeachingHandlers({ foundation, sync, changed }: FeatureServices): Handlers<typeof coTeaching> {
  return {
    ...gridHandlers(foundation, coTeachingGrid, coTeachingSource, formatTerm),
    save: async ({ changes }, { accountName }) => {
      const byCourse = Map.groupBy(changes, ({ courseOfferingId }) => courseOfferingId);
      await sync.changeShared(accountName, (records) => {
        const withoutReviewer: { id: string; courseName: string }[] = [];
        for (const [id, wanted] of byCourse) {
          const course = records.read('teaching-assignments', id);
          const reviewers = new Map(wanted.map(({ teacherId, reviewer }) => [teacherId, reviewer]));
          const unknown = wanted.some(({ teacherId }) => !course?.teachers.some((teacher) => teacher.teacherId === teacherId));
          if (!course || unknown) {
            throw new ApplicationError('coTeaching.unknown', '有課程或教師已經不在配課資料中，請重新整理後再設定。', {
              courseOfferingId: id,
            });
          }
          const { version: _version, deleted: _deleted, ...draft } = course;
          const teachers = course.teachers.map(({ teacherId, reviewer }) => ({
            teacherId,
            reviewer: reviewers.get(teacherId) ?? reviewer,
          }));
          if (!teachers.some(({ reviewer }) => reviewer)) withoutReviewer.push({ id, courseName: course.courseName });
          else records.save('teaching-assignments', { ...draft, teachers });
        }
        if (withoutReviewer.length > 0) {
          const names = [...new Set(withoutReviewer.map(({ courseName }) => `「${courseName}」`))].join('、');
          throw new ApplicationError('coTeaching.noReviewer', `${names}至少要有一位教師可以認證，請將其中一位的審核改為「是」，再儲存。`, {
            courseOfferingIds: withoutReviewer.map(({ id }) => id),
          });
        }
      });
      changed('coTeaching', 'certification', 'dashboard');
      return { courses: byCourse.size };
    },
  };
}
