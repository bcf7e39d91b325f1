import type { ParameterTable, ParameterValues } from "../parameters.ts";

const UNBOUNDED = Number.MAX_VALUE;

/** XGBoost's parameters ("XGBoost Parameters" of its documentation) in camelCase, `eta` as learningRate, with its defaults. */
export const gradientBoostingParameters = {
  objective: {
    type: "categorical",
    values: [
      "reg:squarederror",
      "reg:squaredlogerror",
      "reg:logistic",
      "reg:pseudohubererror",
      "reg:absoluteerror",
      "reg:gamma",
      "reg:tweedie",
      "binary:logistic",
      "binary:logitraw",
      "binary:hinge",
      "count:poisson",
      "multi:softmax",
      "multi:softprob",
      "rank:pairwise",
      "rank:ndcg",
      "rank:map",
      "survival:cox",
      "survival:aft",
    ],
    default: "reg:squarederror",
  },
  booster: { type: "categorical", values: ["gbtree", "dart"], default: "gbtree" },
  /** Boosting rounds. */
  numRound: { type: "integer", minimum: 1, maximum: 1_000_000, default: 100 },
  /** Classes of a multi-class objective. */
  numClass: { type: "integer", minimum: 0, maximum: 100_000, default: 0 },
  learningRate: { type: "continuous", minimum: 0, maximum: 1, default: 0.3 },
  /** Loss that a split must save at least. */
  gamma: { type: "continuous", minimum: 0, maximum: UNBOUNDED, default: 0 },
  /** Levels of splits; 0 = no limit. */
  maxDepth: { type: "integer", minimum: 0, maximum: 1000, default: 6 },
  /** 0 = no limit. */
  maxLeaves: { type: "integer", minimum: 0, maximum: 65_536, default: 0 },
  growPolicy: { type: "categorical", values: ["depthwise", "lossguide"], default: "depthwise" },
  /** Sum of second derivatives that a child needs. */
  minChildWeight: { type: "continuous", minimum: 0, maximum: UNBOUNDED, default: 1 },
  /** LightGBM's min_data_in_leaf: rows that a leaf needs, counted by their share of the second derivatives. */
  minDataInLeaf: { type: "integer", minimum: 0, maximum: 1_000_000_000, default: 0 },
  /** Largest leaf value before the learning rate; 0 = no limit, 0.7 for `count:poisson`. */
  maxDeltaStep: { type: "continuous", minimum: 0, maximum: UNBOUNDED, default: 0 },
  /** Share of the rows that each tree learns from. */
  subsample: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1, default: 1 },
  colsampleBytree: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1, default: 1 },
  colsampleBylevel: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1, default: 1 },
  colsampleBynode: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1, default: 1 },
  /** L2 regularisation of leaf values. */
  lambda: { type: "continuous", minimum: 0, maximum: UNBOUNDED, default: 1 },
  /** L1 regularisation of leaf values. */
  alpha: { type: "continuous", minimum: 0, maximum: UNBOUNDED, default: 0 },
  /** Bins of a column's values; of 256 the last is for missing ones. */
  maxBin: { type: "integer", minimum: 2, maximum: 256, default: 256 },
  /** What rows with label 1 count beside their weight. */
  scalePosWeight: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: UNBOUNDED, default: 1 },
  /** Start from what the labels say, as XGBoost does where base_score is not given; else from baseScore. */
  boostFromAverage: { type: "boolean", default: true },
  /** The first prediction of all rows, where boostFromAverage is off. */
  baseScore: { type: "continuous", minimum: -1e6, maximum: 1e6, default: 0.5 },
  numParallelTree: { type: "integer", minimum: 1, maximum: 10_000, default: 1 },
  /** For each column -1 (falling), 0 or 1 (rising): `(1,0,-1)`; columns at the end may be left out. */
  monotoneConstraints: { type: "text", default: "()" },
  /** Sets of columns that may follow each other on a path: `[[0,1],[2,3,4]]`. */
  interactionConstraints: { type: "text", default: "[]" },
  /** Columns with fewer categories are split one category against all others. */
  maxCatToOnehot: { type: "integer", minimum: 1, maximum: 100_000, default: 4 },
  /** Most categories on the smaller side of a split. */
  maxCatThreshold: { type: "integer", minimum: 1, maximum: 100_000, default: 64 },
  /** Rounds without a better figure of the last evaluated table after which training ends; what came after the best round is dropped. 0 = never. */
  earlyStoppingRounds: { type: "integer", minimum: 0, maximum: 1_000_000, default: 0 },
  /** Names separated by commas; `auto` = the objective's. Early stopping looks at the last. */
  evalMetric: { type: "text", default: "auto" },
  /** Of dart: share of the earlier trees that a round leaves out. */
  rateDrop: { type: "continuous", minimum: 0, maximum: 1, default: 0 },
  /** Of dart: share of the rounds that leave out none. */
  skipDrop: { type: "continuous", minimum: 0, maximum: 1, default: 0 },
  /** Of dart: leave out at least one. */
  oneDrop: { type: "boolean", default: false },
  sampleType: { type: "categorical", values: ["uniform", "weighted"], default: "uniform" },
  normalizeType: { type: "categorical", values: ["tree", "forest"], default: "tree" },
  tweedieVariancePower: { type: "continuous", minimum: 1, exclusiveMinimum: true, maximum: 1.999999, default: 1.5 },
  huberSlope: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: UNBOUNDED, default: 1 },
  lambdarankPairMethod: { type: "categorical", values: ["topk", "mean"], default: "topk" },
  /** 0 = 32 places of `topk`, 1 draw of `mean`. */
  lambdarankNumPairPerSample: { type: "integer", minimum: 0, maximum: 1_000_000, default: 0 },
  lambdarankUnbiased: { type: "boolean", default: false },
  lambdarankBiasNorm: { type: "continuous", minimum: 0, maximum: 1000, default: 1 },
  ndcgExpGain: { type: "boolean", default: true },
  aftLossDistribution: { type: "categorical", values: ["normal", "logistic", "extreme"], default: "normal" },
  aftLossDistributionScale: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: UNBOUNDED, default: 1 },
} as const satisfies ParameterTable;

export type GradientBoostingParameters = ParameterValues<typeof gradientBoostingParameters>;
