import { type TemporaryAccountPurpose, temporaryAccountPurposeNames } from '../../../domain/office-settings.ts';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import { a4 } from '../../platform/pdf-content.ts';
import { type PdfPages, writePdfPages } from '../../platform/pdf-file.ts';

/** Where a student signs in (manual §1). */
export const signInUrl = 'https://e-portfolio.cooc.tp.edu.tw';

/** What stands on the notice that the student takes home. */
export interface Notice {
  schoolName: string;
  student: { studentNumber: string; name: string; className: string };
  account: string;
  purpose: TemporaryAccountPurpose;
  /** UTC instants. */
  opensAt: string;
  expiresAt: string;
  oneTimePassword: string;
}

const title = '轉學生臨時帳號通知單';
const left = 62;
const right = a4.width - left;
const labelWidth = 96;
const rowHeight = 34;

const stepsOf = ({ purpose, expiresAt }: Notice): string[] => [
  `一、以電腦或手機的瀏覽器開啟 ${signInUrl}，以臨時帳號登入。`,
  '二、輸入上面的帳號與一次性密碼。大小寫不同，短線（-）也要輸入。',
  '三、第一次登入必須先變更密碼；變更後，一次性密碼就不能再使用。',
  purpose === 'transferredOut'
    ? '四、勾選在本校的課程學習成果與多元表現。這個帳號只能勾選，不能上傳或送出認證。'
    : '四、勾選課程學習成果與多元表現。這個帳號只能勾選，不能上傳或送出認證。',
  `五、請在 ${formatRocDateTime(expiresAt)} 以前完成；過了這個時間帳號自動失效。`,
  '六、忘記密碼或登入有問題，請洽本校承辦人員重設密碼。',
];

/**
 * Writes the notice as a PDF of one A4 page.
 * @returns characters of the name or school that no font has, 〓 on the page
 */
export async function writeNotice(path: string, notice: Notice, madeAt: Date): Promise<string> {
  const information = { title, author: notice.schoolName, createdAt: madeAt };
  const { missingCharacters } = await writePdfPages(path, information, (pages) => drawNotice(pages, notice, madeAt));
  return missingCharacters;
}

function drawNotice(pages: PdfPages, notice: Notice, madeAt: Date): void {
  pages.newPage();
  const center = a4.width / 2;
  pages.write('bold', notice.schoolName, center, 88, 16, { align: 'center', maxWidth: right - left });
  pages.write('bold', title, center, 114, 18, { align: 'center' });

  const { student } = notice;
  const rows: [label: string, value: string, emphasised: boolean][] = [
    ['學生', [student.className, student.studentNumber, student.name].filter((part) => part !== '').join('　'), false],
    ['用途', temporaryAccountPurposeNames[notice.purpose], false],
    ['帳號', notice.account, true],
    ['一次性密碼', notice.oneTimePassword, true],
    ['有效期間', `${formatRocDateTime(notice.opensAt)} 至 ${formatRocDateTime(notice.expiresAt)}`, false],
    ['登入網址', signInUrl, false],
  ];
  const top = 140;
  rows.forEach(([label, value, emphasised], index) => {
    const y = top + index * rowHeight;
    const baseline = y + rowHeight / 2 + 5;
    pages.write('regular', label, left + 12, baseline, 12);
    pages.write(emphasised ? 'bold' : 'regular', value, left + labelWidth + 12, baseline, emphasised ? 15 : 12, {
      maxWidth: right - left - labelWidth - 24,
    });
    if (index > 0) pages.line(left, y, right, y, 0.5);
  });
  pages.line(left + labelWidth, top, left + labelWidth, top + rows.length * rowHeight, 0.5);
  pages.frame(left, top, right - left, rows.length * rowHeight, 1);

  let baseline = top + rows.length * rowHeight + 40;
  pages.write('bold', '登入方式', left, baseline, 13);
  for (const step of stepsOf(notice)) {
    baseline += 24;
    pages.write('regular', step, left, baseline, 11.5, { maxWidth: right - left });
  }
  baseline += 44;
  pages.write('bold', '本通知單載有密碼，請當面交給學生本人，不要以電子郵件或通訊軟體傳送；密碼只列印這一次。', left, baseline, 11.5, {
    maxWidth: right - left,
  });
  pages.write('regular', `製單時間 ${formatRocDateTime(madeAt.toISOString())}`, left, baseline + 28, 10);
}
