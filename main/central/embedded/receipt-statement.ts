import type { WorkbookCell } from '../../platform/workbook-reader.ts';
import { readRosterContent, writeRosterContent } from './roster-content.ts';
import type { CityStore } from './store.ts';

/** What the ministry has differently from what was handed in, for tests and to try a difference. Rows by 列號, from 1 below the headings. */
export interface PlantedDifferences {
  drop?: readonly { sheet: string; row: number }[];
  change?: readonly { sheet: string; row: number; column: string; value: WorkbookCell }[];
  /** Rows more, at the end of their sheet; cells by heading. */
  add?: readonly { sheet: string; cells: Readonly<Record<string, WorkbookCell>> }[];
}

/** Research exports of the ministry's data have no links (domain.md §2.1), nor has its 收訖明細 here. */
const isLink = (heading: string) => heading.endsWith('連結');

function handedIn(store: CityStore, submissionFileId: string) {
  const found = store.submissions.find(submissionFileId);
  if (!found) throw new Error(`nothing was handed in under ${submissionFileId}`);
  return found.handedIn;
}

/** `收訖明細_25_1140.xlsx`. @throws Error for a FID under which nothing was handed in */
export function receiptStatementName(store: CityStore, submissionFileId: string): string {
  const { rosterCode, academicYear, semester } = handedIn(store, submissionFileId);
  return `收訖明細_${rosterCode}_${academicYear}${semester}.xlsx`;
}

/**
 * The ministry's 收訖明細 of a roster that was accepted: what it has, as a workbook with the roster's sheets and columns, without links.
 * @throws Error for a FID that was not accepted here
 */
export async function receiptStatementOf(store: CityStore, submissionFileId: string, planted: PlantedDifferences = {}): Promise<Buffer> {
  const { sha256 } = handedIn(store, submissionFileId);
  const { processingStatus } = store.submissions.find(submissionFileId)!.record;
  if (processingStatus !== 'accepted') throw new Error(`${submissionFileId} is ${processingStatus}`);
  const { cover = {}, sheets } = await readRosterContent(store.file(sha256)!.content!);
  const { drop = [], change = [], add = [] } = planted;
  return writeRosterContent(
    cover,
    sheets.map(({ name, headings, rows }) => {
      const kept = headings.flatMap((heading, index) => (isLink(heading) ? [] : [{ heading, index }]));
      const here = <Difference extends { sheet: string }>(differences: readonly Difference[]) =>
        differences.filter(({ sheet }) => sheet === name);
      const cellOf = (number: number, heading: string, cell: WorkbookCell) => {
        const changed = here(change).find(({ row, column }) => row === number && column === heading);
        return changed ? changed.value : cell;
      };
      return {
        name,
        headings: kept.map(({ heading }) => heading),
        rows: [
          ...rows
            .filter(({ number }) => !here(drop).some(({ row }) => row === number))
            .map(({ number, cells }) => kept.map(({ heading, index }) => cellOf(number, heading, cells[index] ?? null))),
          ...here(add).map(({ cells }) => kept.map(({ heading }) => cells[heading] ?? null)),
        ],
      };
    }),
  );
}
