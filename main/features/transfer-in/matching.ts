import type { CadreRow, OutcomeRow, PerformanceRow, StudentPortfolio } from '../../../db/student-portfolio.ts';
import { performanceCategories } from '../../../domain/portfolio.ts';
import {
  cadreSection,
  outcomeSection,
  type TransferCadre,
  type TransferLink,
  type TransferOutcome,
  type TransferPerformance,
} from '../../../domain/transfer-content.ts';
import { type Comparable, comparableCadre, comparableOutcome, comparablePerformance } from '../../../domain/transfer-sameness.ts';
import type { FileReference } from '../../central/resources.ts';
import type { CheckedStudent } from './transfer-attachments.ts';

/** A file's records held against those of the portfolio that is here: new, the same, or here with other content. */

/** A record with what is known of its files in place of where they lie in the ZIP; a cadre has none. */
type Filed<Item> = Item extends { document: unknown; media: unknown }
  ? Omit<Item, 'document' | 'media'> & { document: FileReference | null; media: FileReference | null }
  : Item;
export type ArrivingOutcome = Filed<TransferOutcome>;
export type ArrivingPerformance = Filed<TransferPerformance>;
export type ArrivingCadre = Filed<TransferCadre>;

interface Described {
  /** What counts and 明細 call it: 課程學習成果, 競賽參與紀錄 … */
  section: string;
  /** Canonical content, whose hash is kept with the record. */
  content: string;
}

/** A record of the file, of one of the three kinds. */
export type ArrivingRecord = (
  | { kind: 'outcome'; record: ArrivingOutcome }
  | { kind: 'performance'; record: ArrivingPerformance }
  | { kind: 'cadre'; record: ArrivingCadre }
) &
  Described;

/** A record of the file and the one here that has its identity and other content. */
export type DifferingPair = (
  | { kind: 'outcome'; record: ArrivingOutcome; here: OutcomeRow }
  | { kind: 'performance'; record: ArrivingPerformance; here: PerformanceRow }
  | { kind: 'cadre'; record: ArrivingCadre; here: CadreRow }
) &
  Described & { contentHere: string };

export interface Matched {
  fresh: ArrivingRecord[];
  same: ArrivingRecord[];
  differing: DifferingPair[];
}

const sectionTitles = new Map<number, string>(performanceCategories.map(({ category, transferKey }) => [category, transferKey]));
/** What 明細 calls the section of a record of 多元表現. */
export const performanceSection = ({ category }: { category: number }): string => sectionTitles.get(category)!;

const comparables = { outcome: comparableOutcome, performance: comparablePerformance, cadre: comparableCadre };

/** What makes a record of the register the same as one of a file, or another version of it. */
export const comparableOf = (kind: ArrivingRecord['kind'], record: object): Comparable => comparables[kind](record as never);

/** Holds an arrival's records against a portfolio, a kind at a time. */
export function match({ student, files }: CheckedStudent, { outcomes, performances, cadres }: StudentPortfolio): Matched {
  const file = (link: TransferLink | null): FileReference | null => {
    if (!link) return null;
    const { sha256, md5, bytes, mediaType, name } = files.get(link.path)!;
    return { sha256, md5, bytes, mediaType, name };
  };
  const withFiles = <Item extends { document: TransferLink | null; media: TransferLink | null }>(record: Item) => ({
    ...record,
    document: file(record.document),
    media: file(record.media),
  });
  const ofKinds = [
    matchKind('outcome', student.outcomes.map(withFiles), outcomes, comparableOutcome, () => outcomeSection),
    matchKind('performance', student.performances.map(withFiles), performances, comparablePerformance, performanceSection),
    matchKind('cadre', student.cadres, cadres, comparableCadre, () => cadreSection),
  ];
  return {
    fresh: ofKinds.flatMap(({ fresh }) => fresh),
    same: ofKinds.flatMap(({ same }) => same),
    differing: ofKinds.flatMap(({ differing }) => differing),
  };
}

/** Of several records of one identity each stands against one here, in their order; those left over are new. */
function matchKind<Item extends object, Here extends Item>(
  kind: ArrivingRecord['kind'],
  records: readonly Item[],
  portfolio: readonly Here[],
  comparableOf: (record: Item) => Comparable,
  sectionOf: (record: Item) => string,
): Matched {
  const kept = portfolio.map((here) => ({ here, ...comparableOf(here) }));
  const left = new Map<string, number>();
  for (const { content } of kept) left.set(content, (left.get(content) ?? 0) + 1);
  const take = (content: string): boolean => {
    const count = left.get(content) ?? 0;
    if (count > 0) left.set(content, count - 1);
    return count > 0;
  };
  const matched: Matched = { fresh: [], same: [], differing: [] };
  const others: { arriving: ArrivingRecord; identity: string }[] = [];
  for (const record of records) {
    const { identity, content } = comparableOf(record);
    // The compiler cannot follow that kind and record belong together.
    const arriving = { kind, record, section: sectionOf(record), content } as unknown as ArrivingRecord;
    if (take(content)) matched.same.push(arriving);
    else others.push({ arriving, identity });
  }
  // Only what no record of the file equals can be another version of one of them.
  const versions = new Map<string, typeof kept>();
  for (const item of kept) if (take(item.content)) versions.set(item.identity, [...(versions.get(item.identity) ?? []), item]);
  for (const { arriving, identity } of others) {
    const version = versions.get(identity)?.shift();
    if (version) matched.differing.push({ ...arriving, here: version.here, contentHere: version.content } as unknown as DifferingPair);
    else matched.fresh.push(arriving);
  }
  return matched;
}
