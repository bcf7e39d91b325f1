import { setImmediate } from "node:timers/promises";
import {
  allocateSparseLinear,
  type SolvedJob,
  type SparseLinearJob,
  type SparseLinearMatrix,
  type SparseLinearSettings,
  startSparseLinear,
} from "@rondo/kernels";
import { DataError } from "../../algorithm.ts";
import { type LabelledCorpus, signsOf } from "./labelled-corpus.ts";
import type { LinearSettings } from "./text-classifier-parameters.ts";
import { documentFrequencies, featureWeights, fillMatrix } from "./weighting.ts";

/** What a training is told besides its settings. */
export interface LinearTrainingContext {
  readonly seed: number;
  readonly threads: number;
  readonly signal?: AbortSignal;
  readonly stop?: AbortSignal;
  /** Called after each slice of work with how many models were solved in it, maybe none. */
  onSolved?(models: number): void;
}

/** The weights of one score per output. */
export interface LinearWeights {
  /** The features that have weights, ascending. */
  readonly used: Uint32Array;
  /** Used feature after used feature. */
  readonly weights: Float32Array;
  readonly biases: Float64Array;
  /** Over all rows. */
  readonly frequencies: Uint32Array;
}

/** Scores of held-out rows: per output one per row, NaN where the row was not held out. */
export type HeldOutScores = readonly Float32Array[];

export interface LinearTraining extends Disposable {
  /** Scores per output: 1 where two labels exclude each other, else one per label. */
  readonly outputs: number;
  fit(settings: LinearSettings): Promise<LinearWeights>;
  /**
   * For each of several settings, which share their weighting, the scores of the folds `0` to `judged − 1`, each by models of
   * all other folds.
   */
  crossValidate(candidates: readonly LinearSettings[], folds: number, judged: number): Promise<HeldOutScores[]>;
}

export interface LinearProblem {
  readonly corpus: LabelledCorpus;
  /** Kinds of the features; as many as there are features. */
  readonly kinds: Uint8Array;
  readonly features: number;
  /** Whether two labels exclude each other, so that one score decides. */
  readonly isBinary: boolean;
}

/** Trains one linear model per label over one corpus, again and again, in memory that is taken once. Throws DataError where that is too much. */
export function startLinearTraining(problem: LinearProblem, context: LinearTrainingContext): LinearTraining {
  const { corpus, isBinary } = problem;
  const outputs = isBinary ? 1 : corpus.labels.length;
  const memory = allocate(problem, context.threads);
  const team = startSparseLinear(memory);
  const signs = Array.from({ length: outputs }, (_, output) => signsOf(corpus, isBinary ? 1 : output));
  const solve = (jobs: readonly SparseLinearJob[]): Promise<void> => {
    let before = 0;
    const onSlice = (solved: number): void => {
      context.signal?.throwIfAborted();
      context.onSolved?.(solved - before);
      before = solved;
    };
    return team.solve(jobs, { stop: context.stop, onSlice });
  };

  return {
    outputs,
    async fit(settings) {
      const [matrix] = memory.matrices;
      const { frequencies, used } = await fillFrom(problem, context, { matrix, settings, isIn: () => true });
      const weights = new Float32Array(used.length * outputs);
      const biases = new Float64Array(outputs);
      const jobs = signs.map((ofOutput, output) => ({
        matrix: 0,
        settings: solverSettings(settings, seedOf(context.seed, output)),
        sign: (target: Int8Array) => target.set(ofOutput),
        collect: ({ pairs, bias }: SolvedJob) => {
          for (let feature = 0; feature < used.length; feature++)
            weights[feature * outputs + output] = pairs[feature * 2];
          biases[output] = bias;
        },
      }));
      await solve(jobs);
      return { used, weights, biases, frequencies };
    },

    async crossValidate(candidates, folds, judged) {
      const all = candidates.map(() => signs.map(() => new Float32Array(corpus.rows.rows).fill(Number.NaN)));
      const batch = memory.matrices.length;
      for (let first = 0; first < judged && !context.stop?.aborted; first += batch) {
        const jobs: SparseLinearJob[] = [];
        for (let fold = first; fold < Math.min(first + batch, judged); fold++) {
          const matrix = fold - first;
          const isIn = (row: number): boolean => corpus.groups[row] % folds !== fold;
          await fillFrom(problem, context, { matrix: memory.matrices[matrix], settings: candidates[0], isIn });
          for (const [index, candidate] of candidates.entries()) {
            for (const [output, ofOutput] of signs.entries()) {
              const settings = solverSettings(candidate, seedOf(context.seed, output));
              jobs.push({ matrix, settings, ...heldOutJob(ofOutput, isIn, all[index][output]) });
            }
          }
        }
        await solve(jobs);
      }
      return all;
    },

    [Symbol.dispose]: () => team[Symbol.dispose](),
  };
}

/** Fills a matrix with the values that rows have by the weights of those that are `isIn`; returns in how many of them each feature is, and which are used. */
async function fillFrom(
  { corpus, kinds, features }: LinearProblem,
  { signal }: LinearTrainingContext,
  { matrix, settings, isIn }: { matrix: SparseLinearMatrix; settings: LinearSettings; isIn: (row: number) => boolean },
): Promise<Pick<LinearWeights, "frequencies" | "used">> {
  const pause = async (): Promise<void> => {
    await setImmediate();
    signal?.throwIfAborted();
  };
  let texts = 0;
  for (let row = 0; row < corpus.rows.rows; row++) if (isIn(row)) texts++;
  const frequencies = await documentFrequencies(corpus.rows, features, isIn, pause);
  const weights = featureWeights(frequencies, texts, kinds, settings);
  const used = await fillMatrix(matrix, corpus.rows, { weights, kinds, weighting: settings }, pause);
  return { frequencies, used };
}

function solverSettings(settings: LinearSettings, seed: number): SparseLinearSettings {
  const { loss, cost, positiveWeight, naiveBayes, interpolation, tolerance, maxIterations } = settings;
  return {
    loss,
    positiveCost: cost * positiveWeight,
    negativeCost: cost,
    naiveBayes,
    interpolation,
    tolerance,
    maximumIterations: maxIterations,
    biasScale: 1,
    seed,
  };
}

/** Learns from the rows that are `isIn` and writes the scores of the others. */
function heldOutJob(
  signs: Int8Array,
  isIn: (row: number) => boolean,
  target: Float32Array,
): Pick<SparseLinearJob, "sign" | "collect"> {
  return {
    sign: (filled) => {
      for (let row = 0; row < filled.length; row++) filled[row] = isIn(row) ? signs[row] : 0;
    },
    collect: ({ scores }) => {
      for (let row = 0; row < target.length; row++) if (!isIn(row)) target[row] = scores[row];
    },
  };
}

function allocate({ corpus, features }: LinearProblem, threads: number) {
  const { rows, entries } = corpus.rows;
  try {
    return allocateSparseLinear({ rows, features, entries, matrices: threads, threads });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DataError(
      `${rows} texts with ${features} different n-grams are too many to train on at once: ${error.message}. Shorter n-grams, a larger minDocumentFrequency or hashing take less.`,
      { cause: error },
    );
  }
}

/** An integer of 1 to 2³² − 1 that differs between outputs. */
function seedOf(seed: number, output: number): number {
  const mixed = (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(output + 1, 0x85ebca77)) >>> 0;
  return mixed === 0 ? 1 : mixed;
}
