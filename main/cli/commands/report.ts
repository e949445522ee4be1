import { stat } from 'node:fs/promises';
import type { InputOf, OutputOf } from '../../features/contract.ts';
import { UsageError } from '../arguments.ts';
import type { Command } from '../command.ts';
import { withOffice } from '../office.ts';
import { type ReportJob, reports } from '../reports.ts';

export const reportListCommand: Command = {
  name: 'report list',
  usage: '',
  summary: '列出所有報表與文件',
  options: {},
  run: async () => ({
    json: reports.map(({ name, title, format }) => ({ name, title, format })),
    text: reports.map(({ name, title, format }) => `${name}  ${title}（${format}）`).join('\n'),
  }),
};

export const reportCommand: Command = {
  name: 'report',
  usage: 'NAME [--year Y] [--semester S] --out FILE',
  summary: '產生報表或文件（未指定時為目前的學年期；名稱見 report list）',
  options: { year: 'value', semester: 'value', out: 'value' },
  positionals: ['NAME'],
  run: async (context) => {
    const read = context.arguments;
    const wanted = read.positional(0);
    const report = reports.find(({ name }) => name === wanted);
    if (!report) throw new UsageError(`沒有「${wanted}」這個報表；report list 列出全部。`);
    const year = read.integer('year', { min: 80, max: 200 });
    const semester = read.integer('semester', { min: 1, max: 2 });
    const out = read.required('out');
    return withOffice(context, async (office) => {
      const { term } = await office.call('session.status', {});
      const input = report.input({ academicYear: year ?? term.academicYear, semester: semester ?? term.semester });
      // The registry types operation and input together; here they are any one of them.
      const { file, rows } = (await office.runJob(report.operation, input as InputOf<ReportJob>)) as OutputOf<ReportJob>;
      await office.save(file, out);
      const { size } = await stat(out);
      return { json: { path: out, rows, bytes: size }, text: `${out}：${report.title} ${rows} 列` };
    });
  },
};
