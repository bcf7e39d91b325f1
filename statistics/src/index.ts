export { brierScore, expectedCalibrationError, type ReliabilityBin, reliability } from "./calibration.ts";
export {
  accuracy,
  type ClassScore,
  type ConfusionMatrix,
  classScores,
  confusionMatrix,
  macroF1,
} from "./confusion-matrix.ts";
export { chiSquareTail, logGamma, normalTail } from "./gamma.ts";
export { mcNemarTest, type PairedOutcomes } from "./mcnemar-test.ts";
export { type MeanInterval, meanInterval } from "./mean-interval.ts";
export { type BootstrapOptions, type PairedDifference, pairedBootstrap } from "./paired-bootstrap.ts";
export { type PopulationShift, populationShift } from "./population-stability.ts";
export { type Proportion, type ProportionDifference, proportionDifference } from "./proportion-difference.ts";
export { createRandom, type Random } from "./random.ts";
export {
  catalogueCoverage,
  discountedCumulativeGain,
  type JudgedRanking,
  type RankingMetrics,
  rankingMetrics,
} from "./ranking-metrics.ts";
export { type AucDifference, type AucEstimate, compareAuc, rocAuc, type ScoredExamples } from "./roc-auc.ts";
export { sampleBinomial } from "./sample-binomial.ts";
export { type SequentialComparison, type SequentialOptions, sequentialComparison } from "./sequential-test.ts";
export { spearmanCorrelation } from "./spearman-correlation.ts";
export {
  averagePrecision,
  bestThreshold,
  fBeta,
  precisionAt,
  recallAt,
  type ThresholdPoint,
  thresholdCurve,
} from "./threshold-curve.ts";
export { type Interval, wilsonInterval } from "./wilson-interval.ts";
