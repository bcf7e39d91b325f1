import {
  appendRows,
  type Booster,
  encodeXgboostModel,
  groupKFold,
  kFold,
  type MetricValue,
  type Split,
  selectRows,
  stratifiedKFold,
  type Table,
} from "@rondo/learn";
import type { TrainingContext } from "../image.ts";
import { inUserTerms } from "../in-user-terms.ts";
import { saveModel } from "../save-model.ts";
import { evaluationLine } from "./evaluation-line.ts";

export interface CrossValidation {
  readonly folds: number;
  /** How often all folds are drawn and trained. */
  readonly repetitions: number;
  readonly seed: number;
  /** Whether every fold is to have the same share of each class. */
  readonly isClassification: boolean;
}

export interface FoldTraining {
  /** Trains on one table and is judged by the other; its last metrics. */
  fit(
    train: Table,
    validation: Table,
  ): Promise<{ readonly model: Booster; readonly metrics: readonly MetricValue[]; readonly rounds: number }>;
  readonly context: TrainingContext;
  readonly modelFile: string;
}

/**
 * `_kfold`: trains on all folds but one and is judged by that one, for each fold; the rows of train and validation together. Writes `<modelFile>-0`, `<modelFile>-1` … and at the end a line
 * with the means of the metrics, as AWS's container does.
 */
export async function crossValidate(
  { train, validation }: { readonly train: Table; readonly validation: Table | undefined },
  options: CrossValidation,
  { fit, context, modelFile }: FoldTraining,
): Promise<void> {
  const table = await inUserTerms(() => (validation === undefined ? train : appendRows(train, validation)));
  const results: (readonly MetricValue[])[] = [];
  let rounds = 0;
  for (let repetition = 0; repetition < options.repetitions; repetition += 1) {
    const splits = await inUserTerms(() => splitTable(table, options, repetition));
    for (const split of splits) {
      if (context.signal.aborted) return;
      context.log(`Train cross validation fold ${(results.length % options.folds) + 1}, repetition ${repetition + 1}`);
      const {
        model,
        metrics,
        rounds: roundsTrained,
      } = await fit(selectRows(table, split.train), selectRows(table, split.test));
      await saveModel(context.directory, `${modelFile}-${results.length}`, encodeXgboostModel(model));
      rounds = Math.max(rounds, roundsTrained);
      results.push(metrics);
    }
  }
  context.log(evaluationLine(rounds, means(results)));
}

/** Rows of a group stay together. */
function splitTable(
  { groups, labels, features }: Table,
  { folds, seed, isClassification }: CrossValidation,
  repetition: number,
): Split[] {
  const options = { folds, seed: seed + repetition };
  if (groups !== undefined) return groupKFold(groups, options);
  return isClassification && labels !== undefined ? stratifiedKFold(labels, options) : kFold(features.rows, options);
}

function means(results: readonly (readonly MetricValue[])[]): readonly MetricValue[] {
  return (results[0] ?? []).map(({ dataset, metric }, index) => {
    const total = results.reduce((sum, metrics) => sum + (metrics[index]?.value ?? Number.NaN), 0);
    return { dataset, metric, value: total / results.length };
  });
}
