/**
 * 備註說明 of the confirmation slip (manual §3.18): about 45 full-width characters a line, Enter breaks, 28 lines at most.
 * The form counts with what the page prints by, so what fits while typing fits on paper. Pure.
 */
export const remarkLimits = { lineWidth: 45, lines: 28 } as const;

/** 系統預設, word for word as in the manual. */
export const defaultRemarks = [
  '1. 本通知單為提醒學生及學生家長，截至上述統計時間，該生已完成「學習歷程檔案」情況，若學生上傳件數字低於該學年可勾選至教育部中央資料庫件數：「課程學習成果」上限為6件；「多元表現」上限為10件。請家長協助督促學生於規定期限內完成上傳。',
  '2. 若學生未能於上傳時間內完成上傳並認證，或未能於勾選規定期限前完成勾選，則於當學年教育部中央資料庫封存後，不可再補上傳，此將影響學生未來申請入學所造成權益之損失，需由學生自負責任。',
  '3. 家長可先至校務行政系統申請親子綁定，至https://e-portfolio.cooc.tp.edu.tw查看學生實際上傳情形。',
].join('\n');

/** A character with the marks that belong to it. */
const characterPattern = /\P{M}\p{M}*|\p{M}+/gu;
/** What stays together on a line: a run of half-width characters, spaces, or one full-width character. */
const unitPattern = /[!-~\u00a1-\u00ff\uff61-\uff9f]+| +|(?:\P{M}\p{M}*|\p{M}+)/gu;
/** 避頭點 and 避尾點: closing marks never begin a line, opening marks never end one. */
const closing = /^[，。、；：！？）」』》〉】〕﹞．…—,.;:!?)\]}%]$/u;
const opening = /^[（「『《〈【〔﹝([{]$/u;

function characterWidth(character: string): number {
  const code = character.codePointAt(0)!;
  return code <= 0xff || (code >= 0xff61 && code <= 0xff9f) ? 0.5 : 1;
}

/** Width in full-width characters: `6件` is 1.5. */
export function remarkWidth(text: string): number {
  let width = 0;
  for (const [character] of text.matchAll(characterPattern)) width += characterWidth(character);
  return width;
}

/** Units of a paragraph, closing marks bound to what stands before them and opening marks to what follows. */
function unitsOf(paragraph: string): string[] {
  const units: string[] = [];
  let bound = false;
  for (const [unit] of paragraph.matchAll(unitPattern)) {
    if (units.length > 0 && (bound || closing.test(unit))) units[units.length - 1] += unit;
    else units.push(unit);
    bound = opening.test(unit);
  }
  return units;
}

/** Cuts a unit that is wider than a line. */
function cut(unit: string): string[] {
  if (remarkWidth(unit) <= remarkLimits.lineWidth) return [unit];
  return unit.match(characterPattern) ?? [];
}

function wrap(paragraph: string): string[] {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const unit of unitsOf(paragraph).flatMap(cut)) {
    const unitWidth = remarkWidth(unit);
    if (line !== '' && width + unitWidth > remarkLimits.lineWidth) {
      lines.push(line.trimEnd());
      line = '';
      width = 0;
      // The space a line was broken at is not carried to the next.
      if (/^ +$/.test(unit)) continue;
    }
    line += unit;
    width += unitWidth;
  }
  lines.push(line.trimEnd());
  return lines;
}

/**
 * The remarks as lines of the page, each at most 45 full-width characters wide; an empty line where Enter was pressed
 * twice. Empty lines at the end are left out.
 */
export function layoutRemarks(text: string): string[] {
  const plain = text
    .replace(/\r\n?/g, '\n')
    .replaceAll('\t', '  ')
    .replace(/[^\P{Cc}\n]/gu, '')
    .trimEnd();
  return plain === '' ? [] : plain.split('\n').flatMap(wrap);
}

/** Whether the remarks keep to the 28 lines of the page. */
export function remarksFit(text: string): boolean {
  return layoutRemarks(text).length <= remarkLimits.lines;
}
