import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { chromium } from '@playwright/test';
import { formatRocDay, weekdayOf } from '../../domain/roc-date.ts';
import { defaultRemarks, layoutRemarks } from '../../domain/slip-remarks.ts';
import { newSerial } from '../../main/application/paper-serial.ts';
import type { SlipSelection } from '../../main/features/slips/contract.ts';
import { readSlips } from '../../main/features/slips/queries.ts';
import { slipsHandlers } from '../../main/features/slips/service.ts';
import { type Slip, type SlipTotals, totalsOf } from '../../main/features/slips/slip.ts';
import { resourcePath } from '../../main/platform/resources.ts';
import { currentYear, fillSchool, now, openEmptySchool, type School } from '../students/school.ts';
import type { Measure } from './row.ts';

const selection: SlipSelection = { grade: 3, currentYear: true, dueDate: '2026-11-28', remarks: defaultRemarks };
const term = { academicYear: currentYear, semester: 1 } as const;

/** Runs `work` and tells the most memory the process had meanwhile, in MB. */
async function withPeakMemory<Result>(work: () => Promise<Result>): Promise<{ result: Result; peak: number }> {
  let peak = process.memoryUsage.rss();
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  try {
    return { result: await work(), peak: peak / 1e6 };
  } finally {
    clearInterval(sampling);
  }
}

/** From the click to a file the window can show, ms; the median of seven. */
async function previewTime(school: School): Promise<number> {
  const handlers = slipsHandlers(school.foundation);
  const times: number[] = [];
  for (let run = 0; run < 7; run += 1) {
    // As in a window: the thread of this task started when the last one ended, a while ago.
    await setTimeout(500);
    const started = performance.now();
    const { file } = await handlers.preview({ ...selection, pages: 1 }, school.context());
    times.push(performance.now() - started);
    await school.foundation.files.release(file.token);
  }
  return times.sort((a, b) => a - b)[3]!;
}

const cells = (texts: (string | number | null)[]) => texts.map((text) => `<td>${text ?? ''}</td>`).join('');
const counts = ({ uploaded, certified, tickedOutcomes, performances, tickedPerformances }: SlipTotals) =>
  cells([uploaded[0], certified[0], uploaded[1], certified[1], tickedOutcomes, performances, tickedPerformances]);

function slipHtml(slip: Slip): string {
  return `<section><h1>市立測試高中 ${currentYear} 學年度「學習歷程檔案」<br>學生上傳學習成果/多元表現 情形通知單</h1>
<p>班級：${slip.className}　學號：${slip.studentNumber}　姓名：${slip.name}　導師：${slip.homeroomTeacher}</p>
<p>截至 115/11/24 11:06 統計，該生上傳學習歷程檔案數據情況如下：</p>
<table><tr><th rowspan=3>年度<th rowspan=3>班級<th colspan=5>學習成果<th colspan=2>多元表現</tr>
<tr><th colspan=2>第一學期<th colspan=2>第二學期<th rowspan=2>已勾選件數<th rowspan=2>總上傳件數<th rowspan=2>已勾選件數</tr>
<tr><th>已上傳件數<th>已認證件數<th>已上傳件數<th>已認證件數</tr>
${slip.years.map((year) => `<tr>${cells([`${year.academicYear}學年`, year.className])}${counts(year)}</tr>`).join('')}
<tr><td colspan=2>合計數量</td>${counts(totalsOf(slip.years))}</tr></table>
<p><b>【備註說明】：</b><br>${layoutRemarks(defaultRemarks).join('<br>')}</p>
<p>學生確認簽章：____________________　監護人確認簽章：____________________</p>
<p class=c>中華民國　　　年　　　月　　　日</p>
<p class=c><b>※本通知單請於 ${formatRocDay(selection.dueDate)}(${weekdayOf(selection.dueDate)}) 前完成簽章確認。※</b></p><p>${newSerial('1151')}</p></section>`;
}

/** The same pages by Chromium's printToPDF, from HTML that has been loaded already. */
async function chromiumSeconds(slips: readonly Slip[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'slips-html-'));
  const face = (weight: number, file: string) =>
    `@font-face{font-family:N;font-weight:${weight};src:url(${pathToFileURL(resourcePath(`node_modules/@expo-google-fonts/noto-sans-tc/${file}`))})}`;
  const style = `${face(400, '400Regular/NotoSansTC_400Regular.ttf')}${face(700, '700Bold/NotoSansTC_700Bold.ttf')}
@page{size:A4;margin:20mm}body{font:10.5pt N;margin:0}section{break-after:page}h1{font-size:16pt;text-align:center}
table{border-collapse:collapse;width:100%}td,th{border:.6pt solid;text-align:center;font-weight:400}.c{text-align:center}`;
  const path = join(folder, 'slips.html');
  writeFileSync(path, `<!doctype html><meta charset=utf-8><style>${style}</style>${slips.map(slipHtml).join('')}`);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--allow-file-access-from-files'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(path).href);
    await page.evaluate('document.fonts.ready');
    const started = performance.now();
    await page.pdf({ path: join(folder, 'chromium.pdf'), preferCSSPageSize: true });
    return (performance.now() - started) / 1000;
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** 確認單 of a whole school in one grade of 100 classes, three years each, through the service and its worker. */
export const measure: Measure = async (scale) => {
  const school = openEmptySchool('市立測試高中', true);
  try {
    fillSchool(school.sqlite, { firstGrade: 3, grades: 3, classes: Math.max(1, Math.round(100 * scale)), seats: 40 });
    const firstPage = await previewTime(school);
    const { result, peak } = await withPeakMemory(async () => slipsHandlers(school.foundation).print(selection, school.context()));
    const compared = readSlips(school.sqlite, selection, term, new Date(now), Math.max(40, Math.round(1000 * scale)));
    const seconds = await chromiumSeconds(compared);
    const [rate, baseline] = [result.pages / result.seconds, compared.length / seconds];
    return [
      {
        work: `slips, ${result.pages} pages`,
        figure: rate,
        unit: 'pages/s',
        baseline: `Chromium printToPDF, ${compared.length} of the same pages`,
        baselineFigure: baseline,
        ratio: rate / baseline,
        goal: '≥ 5 × pages/s',
        note: 'counting, worker start, serials kept: all in',
      },
      {
        work: `slips, ${result.pages} pages: memory`,
        figure: peak,
        unit: 'MB',
        baseline: null,
        baselineFigure: null,
        ratio: null,
        goal: '≤ 500 MB',
        note: 'the whole process at its peak',
      },
      {
        work: 'slips, first page shown',
        figure: firstPage,
        unit: 'ms',
        baseline: null,
        baselineFigure: null,
        ratio: null,
        goal: '≤ 300 ms',
        note: 'a spare thread waits; modules read from source',
      },
    ];
  } finally {
    await school.close();
  }
};
