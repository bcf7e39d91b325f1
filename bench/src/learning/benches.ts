import { boostingQuality } from "./boosting-quality.ts";
import { boostingSpeed } from "./boosting-speed.ts";
import { clusteringQuality } from "./clustering-quality.ts";
import { clusteringSpeed } from "./clustering-speed.ts";
import { fastTextQuality } from "./fasttext-quality.ts";
import { fastTextSpeed } from "./fasttext-speed.ts";
import type { LearningBench } from "./learning-bench.ts";
import { linearQuality } from "./linear-quality.ts";
import { linearSpeed } from "./linear-speed.ts";
import { personalizeQuality } from "./personalize-quality.ts";
import { personalizeSpeed } from "./personalize-speed.ts";
import { recommendersQuality } from "./recommenders-quality.ts";
import { recommendersSpeed } from "./recommenders-speed.ts";
import { tablesSpeed } from "./tables-speed.ts";
import { textQuality } from "./text-quality.ts";
import { textSpeed } from "./text-speed.ts";

/** Every comparison of algorithms, in the order in which they are run. */
export const learningBenches: readonly LearningBench[] = [
  fastTextQuality,
  fastTextSpeed,
  tablesSpeed,
  boostingQuality,
  boostingSpeed,
  recommendersQuality,
  recommendersSpeed,
  personalizeQuality,
  personalizeSpeed,
  clusteringQuality,
  clusteringSpeed,
  linearQuality,
  linearSpeed,
  textQuality,
  textSpeed,
];
