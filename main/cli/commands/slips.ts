import { readFile } from 'node:fs/promises';
import { ApplicationError } from '../../platform/errors.ts';
import { UsageError } from '../arguments.ts';
import type { Command } from '../command.ts';
import { withOffice } from '../office.ts';

async function readNote(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '').trimEnd();
  } catch (cause) {
    throw new ApplicationError('file.notFound', `讀不到備註說明檔案「${path}」，請確認路徑。`, {}, { cause });
  }
}

export const slipsCommand: Command = {
  name: 'slips',
  usage: '--grade G [--class FROM..TO] [--number FROM..TO] [--current-year yes|no] --deadline YYYY-MM-DD [--note-file F] --out FILE.pdf',
  summary: '產生學生上傳及勾選情形確認單（未指定 --note-file 時用學校保存的備註說明）',
  options: {
    grade: 'value',
    class: 'value',
    number: 'value',
    'current-year': 'value',
    deadline: 'value',
    'note-file': 'value',
    out: 'value',
  },
  run: async (context) => {
    const read = context.arguments;
    const grade = read.integer('grade', { min: 1, max: 9 });
    if (grade === undefined) throw new UsageError('缺少 --grade。');
    const dueDate = read.isoDay('deadline');
    if (dueDate === undefined) throw new UsageError('缺少 --deadline。');
    const classes = read.range('class');
    const numbers = read.range('number');
    const currentYear = (read.choice('current-year', ['yes', 'no']) ?? 'yes') === 'yes';
    const noteFile = read.text('note-file');
    const out = read.required('out');
    return withOffice(context, async (office) => {
      const remarks = noteFile === undefined ? (await office.call('slips.form', {})).remarks : await readNote(noteFile);
      const { file, slips, pages, seconds, missingCharacters } = await office.runJob('slips.print', {
        grade,
        currentYear,
        dueDate,
        remarks,
        ...(classes.from === undefined ? {} : { classFrom: classes.from }),
        ...(classes.to === undefined ? {} : { classTo: classes.to }),
        ...(numbers.from === undefined ? {} : { numberFrom: numbers.from }),
        ...(numbers.to === undefined ? {} : { numberTo: numbers.to }),
      });
      await office.save(file, out);
      const missing = missingCharacters.map(
        ({ studentNumber, characters }) => `學號 ${studentNumber} 的「${characters}」沒有字型，印成〓，請手寫補上。`,
      );
      return {
        json: { slips, pages, bytes: file.bytes, seconds, path: out, missingCharacters },
        text: [`${out}：確認單 ${slips} 份，${pages} 頁`, ...missing].join('\n'),
      };
    });
  },
};
