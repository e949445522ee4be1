import { a4 } from '../../platform/pdf-content.ts';

/** Where everything of a slip stands, in points from the top left corner of an A4 page with margins of 20 mm. */
const margin = (20 / 25.4) * 72;

export const frame = {
  left: margin,
  right: a4.width - margin,
  top: margin,
  bottom: a4.height - margin,
  width: a4.width - 2 * margin,
} as const;

/** Height of the two lines of the title. */
const titleHeight = 44;
/** The three rows of headings of the table. */
export const headingRows = 3;

/** Columns of the table: 年度, 班級, four of the terms, 已勾選, 總上傳, 已勾選. Their left edges, and the right edge of the last. */
export const columnEdges: readonly number[] = (() => {
  const widths = [58, 66, 52, 52, 52, 52];
  const rest = (frame.width - widths.reduce((sum, width) => sum + width, 0)) / 3;
  const edges: number[] = [frame.left];
  for (const width of [...widths, rest, rest, rest]) edges.push(edges.at(-1)! + width);
  return edges;
})();

/**
 * Heights that give way: from what is still legible to what looks best. However many years a student has been here
 * and however long the remarks are, everything down to the last line stays on one page (ux.md, 28 lines × 45).
 */
const heights = {
  afterTitle: [4, 18],
  fields: [16, 25],
  asOf: [16, 23],
  headingRow: [14, 19],
  row: [13, 25],
  afterTable: [3, 18],
  remarksTitle: [14, 22],
  remarkLine: [12.2, 17.5],
  beforeSignatures: [6, 48],
  signatures: [22, 36],
  date: [20, 40],
  notice: [16, 30],
} as const;
type Part = keyof typeof heights;

/** Remarks are set 45 full-width characters wide, which 10.5 pt fill. */
const largestRemark = 10.5;

export interface SlipGeometry {
  fieldsBaseline: number;
  asOfBaseline: number;
  tableTop: number;
  headingRowHeight: number;
  /** Top of the first year's row. */
  rowsTop: number;
  rowHeight: number;
  rows: number;
  tableBottom: number;
  remarksTitleBaseline: number;
  firstRemarkBaseline: number;
  remarkLeading: number;
  remarkSize: number;
  signaturesBaseline: number;
  dateBaseline: number;
  noticeBaseline: number;
}

/** @param rows years on the slip @param remarkLines lines of its remarks */
export function slipGeometry(rows: number, remarkLines: number): SlipGeometry {
  const repeated: Partial<Record<Part, number>> = { headingRow: headingRows, row: rows + 1, remarkLine: remarkLines };
  const total = (which: 0 | 1) =>
    (Object.keys(heights) as Part[]).reduce((sum, part) => sum + heights[part][which] * (repeated[part] ?? 1), titleHeight);
  const [least, most] = [total(0), total(1)];
  const give = Math.max(0, Math.min(1, (frame.bottom - frame.top - least) / (most - least)));
  const height = (part: Part) => heights[part][0] + give * (heights[part][1] - heights[part][0]);

  let y = frame.top + titleHeight + height('afterTitle');
  /** Moves down a line and answers the base line of a text that stands in its lower part. */
  const lineOf = (part: Part) => {
    y += height(part);
    return y - height(part) * 0.32;
  };
  const fieldsBaseline = lineOf('fields');
  const asOfBaseline = lineOf('asOf');
  const tableTop = y;
  const rowsTop = tableTop + headingRows * height('headingRow');
  const tableBottom = rowsTop + (rows + 1) * height('row');
  y = tableBottom + height('afterTable');
  const remarksTitleBaseline = lineOf('remarksTitle');
  const remarkLeading = height('remarkLine');
  const firstRemarkBaseline = y + remarkLeading * 0.74;
  y += remarkLeading * remarkLines + height('beforeSignatures');
  return {
    fieldsBaseline,
    asOfBaseline,
    tableTop,
    headingRowHeight: height('headingRow'),
    rowsTop,
    rowHeight: height('row'),
    rows,
    tableBottom,
    remarksTitleBaseline,
    firstRemarkBaseline,
    remarkLeading,
    remarkSize: Math.min(largestRemark, remarkLeading / 1.3),
    signaturesBaseline: lineOf('signatures'),
    dateBaseline: lineOf('date'),
    noticeBaseline: lineOf('notice'),
  };
}
