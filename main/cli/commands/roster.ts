import { stat } from 'node:fs/promises';
import { submissionKinds } from '../../../domain/portfolio.ts';
import { divisions, submissionBatches } from '../../../domain/submission.ts';
import type { InputOf } from '../../features/contract.ts';
import { ApplicationError, type ErrorReport } from '../../platform/errors.ts';
import { UsageError } from '../arguments.ts';
import type { Command, CommandContext } from '../command.ts';
import { type Office, withOffice } from '../office.ts';

type Scope = Required<InputOf<'submissions.check'>>;

/** One finding as the command line tells it; `student` is the 學號, null of one that is about the whole roster. */
interface Problem {
  severity: string;
  student: string | null;
  name: string | null;
  className: string | null;
  sheet: string | null;
  field: string | null;
  code: string;
  message: string;
  advice: string;
}

function scopeOf({ arguments: read }: CommandContext): Scope {
  const kind = submissionKinds.find((each) => each === read.positional(0));
  if (!kind) throw new UsageError(`沒有「${read.positional(0)}」這種名冊；可用 ${submissionKinds.join('、')}。`);
  const academicYear = read.integer('year', { min: 80, max: 200 });
  if (academicYear === undefined) throw new UsageError('缺少 --year。');
  const semester = read.integer('semester', { min: 0, max: 2 });
  if (kind === 'cadres' && (semester === undefined || semester === 0))
    throw new UsageError('校內幹部經歷依學期提交，請指定 --semester 1 或 2。');
  if (kind !== 'cadres' && semester) throw new UsageError('學習成果與多元表現依學年提交，不要指定 --semester。');
  const batch = read.choice('batch', submissionBatches) ?? 'regular';
  const division = read.choice('division', divisions) ?? 'day';
  return { kind, academicYear, semester: semester ?? 0, batch, division };
}

/** Findings a page asks for at a time. */
const pageSize = 1000;

/** Every finding of a check, errors first. */
async function problemsOf(office: Office, kind: Scope['kind'], precheckId: string): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (let page = 1; ; page += 1) {
    const { rows, total } = await office.call('submissions.findings', { kind, precheckId, page, pageSize });
    for (const row of rows) {
      const text = (key: string) => (row[key] === null || row[key] === undefined ? null : String(row[key]));
      problems.push({
        severity: String(row.severity),
        student: text('studentNumber'),
        name: text('name'),
        className: text('className'),
        sheet: text('sheet'),
        field: text('field'),
        code: String(row.code),
        message: String(row.message),
        advice: String(row.advice),
      });
    }
    if (problems.length >= total || rows.length === 0) return problems;
  }
}

const lineOf = ({ severity, className, student, name, sheet, field, message, code }: Problem) =>
  [severity === 'error' ? '錯誤' : '提醒', className, student, name, sheet, field, message, `（${code}）`].filter(Boolean).join(' ');

export const rosterCommand: Command = {
  name: 'roster',
  usage: 'KIND --year Y [--semester S] [--batch B] [--division D] --out FILE [--even-with-errors]',
  summary: `預檢並產生提交中央資料庫的名冊（KIND：${submissionKinds.join('、')}；B：${submissionBatches.join('、')}）`,
  options: { year: 'value', semester: 'value', batch: 'value', division: 'value', out: 'value', 'even-with-errors': 'flag' },
  positionals: ['KIND'],
  run: async (context) => {
    const scope = scopeOf(context);
    const out = context.arguments.required('out');
    const evenWithErrors = context.arguments.flag('even-with-errors');
    return withOffice(context, async (office) => {
      const { id: precheckId, rows, students, errors, warnings } = await office.runJob('submissions.check', scope);
      const problems = await problemsOf(office, scope.kind, precheckId);
      const error: ErrorReport | undefined =
        errors > 0
          ? new ApplicationError(
              'submissions.findings',
              `預檢有 ${errors} 項錯誤${evenWithErrors ? '，名冊僅供查對。' : '，沒有產生名冊。'}`,
              {
                errors,
                warnings,
              },
            )
          : undefined;
      const written = error && !evenWithErrors ? null : await save();
      return {
        json: { rows, students, problems, ...(written ? { path: out, bytes: written } : {}) },
        text: [written ? `${out}：${rows} 列，${students} 人` : `${rows} 列，${students} 人`, ...problems.map(lineOf)].join('\n'),
        ...(error ? { error } : {}),
      };

      /** @returns bytes */
      async function save(): Promise<number> {
        const { file } = await office.runJob('submissions.exportRoster', { ...scope, evenWithErrors });
        await office.save(file, out);
        return (await stat(out)).size;
      }
    });
  },
};
