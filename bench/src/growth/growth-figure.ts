/** What is trained, as the table and the plot name it; the settings stand in `prepare-training.ts`. */
export const growthAlgorithms = {
  "gradient-boosting": "gradient boosting",
  "linear-learner": "linear learner",
  "implicit-als": "implicit ALS",
} as const;

export type GrowthAlgorithm = keyof typeof growthAlgorithms;

/** One training in a process of its own. */
export interface GrowthRun {
  readonly seconds: number;
  /** The most resident memory that the process ever had, less what it had before there were data. */
  readonly peakBytes: number;
  /** Of the arrays that training is given. */
  readonly dataBytes: number;
}

/** An algorithm at one size: its median run, or why there is none. */
export interface GrowthFigure {
  readonly algorithm: GrowthAlgorithm;
  /** Of a table; interactions for recommenders. */
  readonly rows: number;
  readonly outcome: GrowthRun | { readonly failure: string };
}
