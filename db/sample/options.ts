/** What a trial school is made from; the same options make the same school. */
export interface SampleOptions {
  /** In school now, of every status but graduated: 1 to 5,000. */
  students: number;
  /** Academic years of history, the current one included: 1 to 6. */
  years: number;
  seed: number;
  schoolCode: string;
  schoolName: string;
  /** ISO day of Taipei; the current term follows from it, and nothing lies after it. */
  today: string;
  /** Only the register, as at a school whose students bring their portfolios with them. */
  withoutPortfolios?: boolean;
}
