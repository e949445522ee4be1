import { submissionKinds } from '../../../domain/portfolio.ts';
import { divisions, submissionBatches } from '../../../domain/submission.ts';
import type { OutgoingFile } from '../../application/contract.ts';
import type { InputOf, OutputOf } from '../../features/contract.ts';
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

/** The roster's file, or what its check counted where errors kept it from being written. */
async function exported(
  office: Office,
  input: InputOf<'submissions.exportRoster'> & Scope,
): Promise<Omit<OutputOf<'submissions.exportRoster'>, 'file'> & { file: OutgoingFile | null }> {
  try {
    return await office.runJob('submissions.exportRoster', input);
  } catch (error) {
    if (!(error instanceof ApplicationError) || error.code !== 'submissions.findings') throw error;
    const { evenWithErrors: _even, ...scope } = input;
    const { precheck } = await office.call('submissions.overview', scope);
    if (!precheck) throw error;
    const { id, rows, students, errors, warnings } = precheck;
    return { precheckId: id, rows, students, errors, warnings, file: null };
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
      const { precheckId, rows, students, errors, warnings, file } = await exported(office, { ...scope, evenWithErrors });
      const problems = await problemsOf(office, scope.kind, precheckId);
      if (file) await office.save(file, out);
      const error: ErrorReport | undefined =
        errors > 0
          ? new ApplicationError('submissions.findings', `預檢有 ${errors} 項錯誤${file ? '，名冊僅供查對。' : '，沒有產生名冊。'}`, {
              errors,
              warnings,
            })
          : undefined;
      return {
        json: { rows, students, problems, ...(file ? { path: out, bytes: file.bytes } : {}) },
        text: [file ? `${out}：${rows} 列，${students} 人` : `${rows} 列，${students} 人`, ...problems.map(lineOf)].join('\n'),
        ...(error ? { error } : {}),
      };
    });
  },
};
