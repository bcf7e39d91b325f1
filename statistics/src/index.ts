export {
  accuracy,
  type ClassScore,
  type ConfusionMatrix,
  classScores,
  confusionMatrix,
  macroF1,
} from "./confusion-matrix.ts";
export { chiSquareTail, normalTail } from "./gamma.ts";
export { mcNemarTest, type PairedOutcomes } from "./mcnemar-test.ts";
export { type BootstrapOptions, type PairedDifference, pairedBootstrap } from "./paired-bootstrap.ts";
export { type PopulationShift, populationShift } from "./population-stability.ts";
export { type Proportion, type ProportionDifference, proportionDifference } from "./proportion-difference.ts";
export { createRandom, type Random } from "./random.ts";
export { sampleBinomial } from "./sample-binomial.ts";
export { type Interval, wilsonInterval } from "./wilson-interval.ts";
