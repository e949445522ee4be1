import { formatRocDateTime } from '../../../domain/roc-date.ts';
import type { Task } from '../../application/task-context.ts';
import { a4 } from '../../platform/pdf-content.ts';
import { type PdfPages, writePdfPages } from '../../platform/pdf-file.ts';
import { qrCells, qrModules } from '../../platform/qr-code.ts';

export interface RecoveryPageInput {
  path: string;
  schoolName: string;
  schoolCode: string;
  /** `ABCDE-FGHJK-…` */
  text: string;
  keyId: string;
  /** UTC instant. */
  madeAt: string;
}

const left = 57;
const right = a4.width - left;
const width = right - left;

/** What stands below the key; a line each. */
const advice = [
  '這張紙用來在電腦損壞、更換或金鑰遺失時，於另一台電腦打開本校的備份。',
  '只會列印這一次，程式不保存；遺失時請到「備份與還原」產生新的一張。',
  '',
  '一、請鎖在保險櫃，不要與備份的隨身碟放在一起，不要拍照。',
  '二、拿到這張紙和備份檔案的人，可以看到全校學生的資料。',
  '三、產生新的復原金鑰之後，之前的備份仍要用這一張開啟，請保留到那些備份都已淘汰。',
  '',
  '怎麼使用：在新電腦安裝本程式，第一次開啟時選「從備份還原」，選擇備份檔案，輸入上面的',
  '七組文字（不分大小寫，連字號可以不打）。輸入錯誤時，程式會指出是第幾組。',
];

function draw(pages: PdfPages, { schoolName, schoolCode, text, keyId, madeAt }: RecoveryPageInput): void {
  const center = { align: 'center', maxWidth: width } as const;
  pages.newPage();
  pages.write('bold', `${schoolName}（${schoolCode}）`, a4.width / 2, 80, 14, center);
  pages.write('bold', '備份復原金鑰', a4.width / 2, 112, 22, center);
  pages.write('regular', `編號 ${keyId}　產生時間 ${formatRocDateTime(madeAt)}`, a4.width / 2, 140, 11, center);

  const groups = text.split('-');
  pages.frame(left, 164, width, 150, 1.2);
  const drawGroups = (row: readonly string[], y: number) => {
    const step = width / 4;
    const start = a4.width / 2 - (step * (row.length - 1)) / 2;
    row.forEach((group, index) => {
      pages.write('bold', group, start + step * index, y, 24, { align: 'center', maxWidth: step - 8 });
    });
  };
  drawGroups(groups.slice(0, 4), 226);
  drawGroups(groups.slice(4), 280);

  const unit = 4;
  const codeLeft = right - qrModules * unit;
  pages.squares(codeLeft, 336, unit, qrCells(groups.join('')));
  let y = 356;
  for (const line of advice) {
    pages.write('regular', line, left, y, 10.5, { maxWidth: (y < 336 + qrModules * unit ? codeLeft - 16 : right) - left });
    y += 20;
  }
  y += 28;
  for (const label of ['保管人', '存放地點']) {
    pages.write('regular', `${label}：`, left, y, 12, { maxWidth: 90 });
    pages.line(left + 80, y + 4, left + 260, y + 4, 0.8);
    pages.write('regular', '日期：　　年　　月　　日', left + 290, y, 12, { maxWidth: right - left - 290 });
    y += 40;
  }
}

/** 復原金鑰 on one page, with a code to be scanned; its words come in memory and lie nowhere but on it. */
export const run: Task<RecoveryPageInput, { pages: number }> = async (input, context) => {
  const information = { title: '備份復原金鑰', author: input.schoolName, createdAt: context.clock.now() };
  const { pages } = await writePdfPages(input.path, information, (to) => draw(to, input));
  return { pages };
};
