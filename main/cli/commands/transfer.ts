import { join } from 'node:path';
import { groupMd5 } from '../../../domain/md5-text.ts';
import { formatRocDateTime, formatRocDay } from '../../../domain/roc-date.ts';
import { conflictChoices } from '../../../domain/transfer-conflicts.ts';
import type { OutputOf } from '../../features/contract.ts';
import { ApplicationError, type ErrorReport } from '../../platform/errors.ts';
import { UsageError } from '../arguments.ts';
import type { Command, CommandContext } from '../command.ts';
import { type Office, withOffice } from '../office.ts';

/** @throws `student.unknown` with the numbers that belong to nobody */
async function studentIds(office: Office, numbers: readonly string[]): Promise<string[]> {
  const unknown: string[] = [];
  const ids: string[] = [];
  for (const number of numbers) {
    const { rows } = await office.call('students.list', { numberFrom: number, numberTo: number });
    const id = rows.find((row) => row.studentNumber === number)?.id;
    if (typeof id === 'string') ids.push(id);
    else unknown.push(number);
  }
  if (unknown.length > 0) {
    throw new ApplicationError('student.unknown', `查無學號 ${unknown.join('、')} 的學生，請確認學號或先同步學籍資料。`, {
      studentNumbers: unknown,
    });
  }
  return ids;
}

export const transferExportCommand: Command = {
  name: 'transfer export',
  usage: '--student NUMBER[,NUMBER…] --out DIR [--one-file]',
  summary: '產生轉學檔案，並列出每個檔案的 MD5 與壓縮密碼',
  options: { student: 'value', out: 'value', 'one-file': 'flag' },
  run: async (context) => {
    const asked = context.arguments.required('student').split(',');
    const numbers = [...new Set(asked.map((number) => number.trim()).filter((number) => number !== ''))];
    if (numbers.length === 0) throw new UsageError('--student 要是一個或多個學號，以逗號分開。');
    const folder = context.arguments.required('out');
    return withOffice(context, async (office) => {
      const made = await office.runJob('transferOut.produce', {
        studentIds: await studentIds(office, numbers),
        oneFile: context.arguments.flag('one-file'),
      });
      const files: { path: string; md5: string; password: string; students: number; bytes: number }[] = [];
      for (const { id, fileName, bytes, students } of made.files) {
        const path = join(folder, fileName);
        const { file } = await office.call('transferOut.download', { id });
        await office.save(file, path);
        const { md5, password } = await office.call('transferOut.fileInformation', { id });
        files.push({ path, md5, password, students, bytes });
      }
      const lines = files.map(
        ({ path, md5, password, students }) => `${path}\n  學生 ${students} 人\n  MD5 ${md5}\n  壓縮密碼 ${password}`,
      );
      return { json: { files }, text: lines.join('\n') };
    });
  },
};

/** What reading a transfer file needs: the file, its password, its MD5 (may be left out: the reader says what follows). */
async function givenFile({ arguments: read, terminal }: CommandContext, office: Office) {
  const password = terminal.secret('PORTFOLIO_ZIP_PASSWORD');
  if (password === undefined) throw new UsageError('缺少壓縮檔密碼：請放在環境變數 PORTFOLIO_ZIP_PASSWORD。');
  return { file: await office.receive(read.positional(0)), md5: read.text('md5') ?? '', password };
}

const counted = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([section, count]) => `${section} ${count}`)
    .join('、');

/** What a clerk on the telephone is asked for: which file it is, who made it, who is inside, and what is wrong, by code. */
function describeInspection(inspection: OutputOf<'transferIn.inspect'>): string {
  const { origin, students, problems, remarks } = inspection;
  const made = [
    origin.createdAt === null ? '' : `產生時間 ${formatRocDateTime(origin.createdAt)}`,
    origin.applicationVersion === null ? '' : `程式版本 ${origin.applicationVersion}`,
    inspection.encryption === '' ? '' : `加密 ${inspection.encryption}`,
    inspection.manifest ? '有清單' : '',
  ];
  return [
    `${inspection.fileName}（${inspection.bytes.toLocaleString('en')} 位元組）`,
    `MD5 ${groupMd5(inspection.md5)}`,
    inspection.senderSchoolCode === '' ? '' : `轉出學校 ${inspection.senderSchoolCode} ${origin.schoolName ?? ''}`.trimEnd(),
    made.filter((part) => part !== '').join('、'),
    ...students.map(
      ({ nationalId, name, birthDate, counts, files, fileBytes }) =>
        `${nationalId} ${name} ${formatRocDay(birthDate)}：${counted(counts) || '沒有紀錄'}；附件 ${files} 件 ${fileBytes.toLocaleString('en')} 位元組`,
    ),
    ...remarks.map((remark) => `備註：${remark}`),
    ...problems.map(({ code, message }) => `問題：${message}（${code}）`),
    problems.length === 0 ? '檢查無誤。' : '',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

export const transferInspectCommand: Command = {
  name: 'transfer inspect',
  usage: 'FILE [--md5 M]',
  summary: '檢視轉學檔案的內容，不匯入（壓縮檔密碼放在 PORTFOLIO_ZIP_PASSWORD）',
  options: { md5: 'value' },
  positionals: ['檔案'],
  run: async (context) =>
    withOffice(context, async (office) => {
      const inspection = await office.runJob('transferIn.inspect', await givenFile(context, office));
      return { json: inspection, text: describeInspection(inspection) };
    }),
};

/** Why a student was not completed, or why nobody was. */
function firstProblem({ details }: OutputOf<'transferIn.run'>): ErrorReport {
  const problem = details.flatMap((student) => student.problems)[0];
  return problem ?? { code: 'transferIn.nothingCompleted', message: '沒有任何學生匯入完成，請看各學生的說明。', details: {} };
}

export const transferImportCommand: Command = {
  name: 'transfer import',
  usage: 'FILE --md5 M [--conflicts keep|replace|both]',
  summary: '匯入轉學檔案（壓縮檔密碼放在 PORTFOLIO_ZIP_PASSWORD）；內容不同的紀錄保留現有、取代或兩筆都保留',
  options: { md5: 'value', conflicts: 'value' },
  positionals: ['檔案'],
  run: async (context) => {
    const conflicts = context.arguments.choice('conflicts', conflictChoices);
    return withOffice(context, async (office) => {
      const result = await office.runJob('transferIn.run', { ...(await givenFile(context, office)), ...(conflicts && { conflicts }) });
      const lines = result.details.map((student) => [`${student.nationalId} ${student.name}`, ...student.messages].join('\n  '));
      return {
        json: result,
        text: [`匯入${result.students}人，完成${result.completed}人`, ...lines].join('\n'),
        ...(result.completed === 0 ? { error: firstProblem(result) } : {}),
      };
    });
  },
};
