/** One line of `npm run bench`: a figure and what it is held against, measured in the same run on the same machine. */
export interface BenchRow {
  /** The row of the goals: 第一次完整同步 … in English, short. */
  work: string;
  figure: number;
  /** `rows/s`, `pages/s`, `MB/s`, `ms`. */
  unit: string;
  /** Name of the baseline, and its figure in the same unit; none for absolute goals. */
  baseline: string | null;
  baselineFigure: number | null;
  /** figure ÷ baseline. */
  ratio: number | null;
  /** In words, `≥ 0.35 of the rate`. */
  goal: string;
  note?: string;
}

/** Each `tests/bench/<feature>.bench.ts` exports `measure: Measure`; `scale` 1 is the full size, smaller for a quick look. */
export type Measure = (scale: number) => Promise<BenchRow[]>;
