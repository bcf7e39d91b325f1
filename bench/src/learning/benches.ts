import { fastTextQuality } from "./fasttext-quality.ts";
import { fastTextSpeed } from "./fasttext-speed.ts";
import type { LearningBench } from "./learning-bench.ts";
import { tablesSpeed } from "./tables-speed.ts";

/** Every comparison of algorithms, in the order in which they are run. */
export const learningBenches: readonly LearningBench[] = [fastTextQuality, fastTextSpeed, tablesSpeed];
