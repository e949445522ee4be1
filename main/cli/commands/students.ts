import { performanceCategories } from '../../../domain/portfolio.ts';
import type { InputOf, OutputOf } from '../../features/contract.ts';
import type { Command } from '../command.ts';
import { type Office, withOffice } from '../office.ts';

type Filter = Omit<InputOf<'students.list'>, 'page' | 'pageSize' | 'sort'>;
type Row = OutputOf<'students.list'>['rows'][number];

const pageSize = 1000;

/** Students page by page until `limit` are there, in the school's order. */
async function listStudents(office: Office, filter: Filter, limit: number): Promise<{ total: number; rows: Row[] }> {
  const rows: Row[] = [];
  let total = 0;
  for (let page = 1; rows.length < limit; page += 1) {
    const answer = await office.call('students.list', { ...filter, page, pageSize: Math.min(pageSize, limit) });
    total = answer.total;
    rows.push(...answer.rows.slice(0, limit - rows.length));
    if (answer.rows.length === 0 || rows.length >= total) break;
  }
  return { total, rows };
}

export const studentsListCommand: Command = {
  name: 'students list',
  usage: '[--grade G] [--class C] [--number FROM..TO] [--name TEXT] [--limit N]',
  summary: '查詢學生（--class 用班級代碼或班級名稱；未指定 --limit 時列出前 100 人）',
  options: { grade: 'value', class: 'value', number: 'value', name: 'value', limit: 'value' },
  run: async (context) => {
    const read = context.arguments;
    const grade = read.integer('grade', { min: 1, max: 9 });
    const number = read.range('number');
    const name = read.text('name');
    const classText = read.text('class');
    const limit = read.integer('limit', { min: 1, max: 1_000_000 }) ?? 100;
    return withOffice(context, async (office) => {
      const common: Filter = {
        ...(grade === undefined ? {} : { grade }),
        ...(number.from === undefined ? {} : { numberFrom: number.from }),
        ...(number.to === undefined ? {} : { numberTo: number.to }),
        filter: name === undefined ? {} : { name },
      };
      let found = await listStudents(office, classText === undefined ? common : { ...common, classCode: classText }, limit);
      if (classText !== undefined && found.total === 0) {
        found = await listStudents(office, { ...common, filter: { ...common.filter, className: classText } }, limit);
      }
      const rows = found.rows.map((row) => ({
        studentNumber: row.studentNumber,
        name: row.name,
        className: row.className,
        seatNumber: row.seatNumber,
        grade: row.grade,
      }));
      const lines = rows.map((row) => `${row.studentNumber}\t${row.className ?? ''}\t${row.seatNumber ?? ''}\t${row.name}`);
      return {
        json: { total: found.total, rows },
        text: [...lines, `${rows.length === 0 ? 0 : 1} - ${rows.length} 共 ${found.total.toLocaleString('en')} 條`].join('\n'),
      };
    });
  },
};

export const studentShowCommand: Command = {
  name: 'student show',
  usage: 'NUMBER',
  summary: '查看一位學生的學習歷程檔案櫃',
  options: {},
  positionals: ['學號'],
  run: async (context) =>
    withOffice(context, async (office) => {
      const cabinet = await office.call('cabinet.read', { studentNumber: context.arguments.positional(0) });
      const { student, counts } = cabinet;
      const seat = student.seatNumber === null ? '' : ` ${student.seatNumber} 號`;
      return {
        json: cabinet,
        text: [
          `${student.className}${seat} ${student.studentNumber} ${student.name}`,
          `修課紀錄 ${counts.courseRecords} 筆，課程學習成果 ${counts.learningOutcomes} 件，課程諮詢紀錄 ${counts.consultations} 筆`,
          `自傳與學習計畫 ${counts.autobiographies} 件，校內幹部經歷 ${counts.cadres} 筆`,
          ...performanceCategories.map(({ category, title }) => `${title} ${counts.performances[category] ?? 0} 件`),
        ].join('\n'),
      };
    }),
};
