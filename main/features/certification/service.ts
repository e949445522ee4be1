import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { taipeiDay } from '../../../domain/roc-date.ts';
import { formatTerm } from '../../../domain/term.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import type { TermGridQuery } from '../../application/grid-contract.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { Handlers } from '../../application/router.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { workbookFileName } from '../../platform/workbook.ts';
import { type certification, deputyGrid, uncertifiedOutcomeGrid, uncertifiedTeacherGrid } from './contract.ts';
import { type Deputy, deputyRefusals, deputyWarnings } from './deputies.ts';
import { certificationSummary, deputySource, outcomeSource, teacherSource, teachersToRemind } from './queries.ts';
import type { MadeReport, ReportInput } from './report-task.ts';

export { certificationSummary } from './queries.ts';

/** 查詢未認證教師狀況表 (manual §3.11) and 代理認證教師. */
export function certificationHandlers(services: FeatureServices): Handlers<typeof certification> {
  const { foundation, connection, clock, sync, changed, tasks, directory, files, settings } = services;
  const { sqlite } = connection;
  const today = () => taipeiDay(clock.now());
  const teachers = gridHandlers(foundation, uncertifiedTeacherGrid, (input: TermGridQuery) => teacherSource(input, today()), formatTerm);
  const deputies = gridHandlers(foundation, deputyGrid, () => deputySource(today()));

  const saveDeputy = async (id: string | null, deputy: Deputy, accountName: string) => {
    const saved = await sync.changeShared(accountName, (records) => {
      if (id !== null && !records.read('deputy-certifiers', id)) {
        throw new ApplicationError('certification.deputyUnknown', '這筆代理已經不在了，請重新整理後再試。', { id });
      }
      const refusals = deputyRefusals(sqlite, id, deputy);
      if (refusals.length > 0) throw new ApplicationError('certification.deputyRefused', refusals[0]!.message, { refusals });
      const made = id ?? randomUUID();
      records.save('deputy-certifiers', { id: made, ...deputy, reason: deputy.reason.trim() });
      return { id: made, warnings: deputyWarnings(sqlite, id, deputy) };
    });
    changed('certification');
    return saved;
  };

  return {
    ...gridHandlers(
      foundation,
      uncertifiedOutcomeGrid,
      (input: TermGridQuery & { teacherId?: string | undefined }) => outcomeSource(input),
      formatTerm,
    ),
    teachers: teachers.list,
    exportTeachers: teachers.exportWorkbook,
    summary: (term) => certificationSummary(sqlite, term),
    addresses: (term) => {
      const all = teachersToRemind(sqlite, term);
      return {
        emails: all.flatMap(({ email }) => (email ? [email] : [])),
        without: all.flatMap(({ email, name }) => (email ? [] : [name])),
      };
    },
    printReport: async (term, { signal, report }) => {
      if (certificationSummary(sqlite, term).outcomes === 0) {
        throw new ApplicationError('certification.none', '這個學年期沒有未認證的學習成果，不需要列印。');
      }
      const schoolName = settings.get('school.name') ?? '';
      const folder = directory.makeWorkFolder('certification');
      try {
        const path = join(folder, 'report.pdf');
        const input: ReportInput = { path, term, termText: formatTerm(term), schoolName };
        const made = await tasks.run<MadeReport>('certification.report', input, {
          signal,
          onProgress: report,
        });
        const name = workbookFileName({ schoolName, term: formatTerm(term), title: '未認證教師狀況表', madeAt: clock.now() }, 'pdf');
        return { ...made, file: files.offer(path, name, 'application/pdf', true) };
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
    },
    deputies: deputies.list,
    exportDeputies: deputies.exportWorkbook,
    teacherOptions: () => ({
      teachers: sqlite
        .prepare<[], { id: string; name: string }>(
          'select id, name from teachers where active = 1 and deleted_at is null order by name, id',
        )
        .all(),
    }),
    createDeputy: (deputy, { accountName }) => saveDeputy(null, deputy, accountName),
    updateDeputy: ({ id, ...deputy }, { accountName }) => saveDeputy(id, deputy, accountName),
    removeDeputy: async ({ id }, { accountName }) => {
      await sync.changeShared(accountName, (records) => records.remove('deputy-certifiers', id));
      changed('certification');
      return { done: true };
    },
  };
}
