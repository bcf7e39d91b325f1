import { FormatError } from "../../algorithm.ts";
import type { LinearBooster, TreeEnsemble } from "../tree-ensemble.ts";
import {
  countOf,
  type Field,
  type FormatValue,
  floatsOf,
  integersOf,
  listOf,
  member,
  memberNames,
  textOf,
} from "./format-value.ts";
import { LAMBDA_RANK_BEFORE_2 } from "./objective-parameters.ts";
import { readXgboostTree } from "./read-xgboost-tree.ts";

const MAXIMUM_COUNT = 2 ** 31 - 1;
/** Classes or targets; each has arrays of its own when the model predicts. */
export const MAXIMUM_OUTPUTS = 100_000;

/** The two kinds of model in XGBoost's files. */
export type Booster = TreeEnsemble | LinearBooster;

type LearnerParts = Omit<LinearBooster, "booster" | "weights">;

/**
 * A model from the parsed JSON or UBJSON file of XGBoost 1.0 to 3.x ("Introduction to Model IO" and its model.schema): gbtree, dart and gblinear. Throws
 * FormatError naming the member that is missing or wrong, and for trees with vectors in their leaves.
 */
export function readXgboostModel(value: FormatValue): Booster {
  const learner = member({ path: "", value }, "learner");
  const parts = readLearner(learner);
  const gradientBooster = member(learner, "gradient_booster");
  const name = textOf(member(gradientBooster, "name"));
  switch (name) {
    case "gbtree":
      return { booster: name, ...parts, ...readTrees(member(gradientBooster, "model"), parts) };
    case "dart": {
      const trees = readTrees(member(member(gradientBooster, "gbtree"), "model"), parts);
      const treeWeights = floatsOf(member(gradientBooster, "weight_drop"));
      if (treeWeights.length !== trees.trees.length) {
        throw new FormatError(
          `The model's ${gradientBooster.path}.weight_drop has not one number for each of the ${trees.trees.length} trees.`,
        );
      }
      return { booster: name, ...parts, ...trees, treeWeights };
    }
    case "gblinear":
      // XGBoost 3.1 and 3.2 write a score for each output and start all outputs from the first.
      return {
        booster: name,
        ...parts,
        baseScores: parts.baseScores.slice(0, 1),
        weights: readWeights(member(gradientBooster, "model"), parts),
      };
    default:
      throw new FormatError(`The model's booster ${JSON.stringify(name)} is none of gbtree, dart and gblinear.`);
  }
}

function readLearner(learner: Field): LearnerParts {
  const parameters = member(learner, "learner_model_param");
  const columns = countOf(member(parameters, "num_feature"), MAXIMUM_COUNT);
  const classes = countOf(member(parameters, "num_class"), MAXIMUM_OUTPUTS);
  const targets =
    member(parameters, "num_target").value === undefined
      ? 1
      : countOf(member(parameters, "num_target"), MAXIMUM_OUTPUTS);
  const outputs = Math.max(1, classes, targets);
  const names = readTexts(member(learner, "feature_names"), columns);
  const types = readTexts(member(learner, "feature_types"), columns);
  return {
    ...readObjective(member(learner, "objective")),
    outputs,
    baseScores: readBaseScores(member(parameters, "base_score"), outputs),
    columns,
    ...(names === undefined ? {} : { names }),
    ...(types === undefined ? {} : { types }),
    attributes: readAttributes(member(learner, "attributes")),
  };
}

/** Absent in the first versions, empty where there are none. */
function readTexts(field: Field, columns: number): readonly string[] | undefined {
  if (field.value === undefined) return undefined;
  const texts = listOf(field).map(textOf);
  if (texts.length === 0) return undefined;
  if (texts.length !== columns)
    throw new FormatError(`The model's ${field.path} has ${texts.length} texts for ${columns} columns.`);
  return texts;
}

function readAttributes(field: Field): Readonly<Record<string, string>> {
  if (field.value === undefined) return {};
  return Object.fromEntries(memberNames(field).map((name) => [name, textOf(member(field, name))]));
}

/** The parameters lie in a block named for a group of objectives; the lists beside them are the state of training. */
export function readObjective(field: Field): Pick<LearnerParts, "objective" | "objectiveParameters"> {
  const objective = textOf(member(field, "name"));
  const parameters: Record<string, string> = {};
  for (const name of memberNames(field)) {
    if (!name.endsWith("_param") || name === LAMBDA_RANK_BEFORE_2) continue;
    const block = member(field, name);
    for (const parameter of memberNames(block)) parameters[parameter] = textOf(member(block, parameter));
  }
  return { objective, objectiveParameters: parameters };
}

/** `5E-1`; from XGBoost 3.1 on a list for the outputs, `[5E-1]`. */
function readBaseScores(field: Field, outputs: number): readonly number[] {
  const text = textOf(field);
  const parts = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1).split(",") : [text];
  const scores = parts.map((part) => (part.trim() === "" ? Number.NaN : Math.fround(Number(part))));
  if (scores.some((score) => !Number.isFinite(score)) || (scores.length !== 1 && scores.length !== outputs)) {
    throw new FormatError(
      `The model's ${field.path} is ${JSON.stringify(text.slice(0, 100))}, not one number or one for each of the ${outputs} outputs.`,
    );
  }
  return scores;
}

type TreeParts = Pick<TreeEnsemble, "trees" | "treeOutputs" | "roundStarts">;

function readTrees(model: Field, { columns, outputs }: LearnerParts): TreeParts {
  const trees = listOf(member(model, "trees")).map((tree) => readXgboostTree(tree, columns));
  const treeOutputs = integersOf(member(model, "tree_info"));
  if (treeOutputs.length !== trees.length) {
    throw new FormatError(
      `The model's ${model.path}.tree_info has ${treeOutputs.length} numbers for ${trees.length} trees.`,
    );
  }
  if (treeOutputs.some((output) => output < 0 || output >= outputs)) {
    throw new FormatError(`The model's ${model.path}.tree_info has an output beyond the ${outputs} of the model.`);
  }
  return { trees, treeOutputs, roundStarts: readRoundStarts(model, trees.length, outputs) };
}

/** `iteration_indptr`; before XGBoost 2.0 every round had a tree for each output, times num_parallel_tree. */
function readRoundStarts(model: Field, trees: number, outputs: number): Int32Array {
  const field = member(model, "iteration_indptr");
  if (field.value === undefined) {
    const parallel = Math.max(
      1,
      countOf(member(member(model, "gbtree_model_param"), "num_parallel_tree"), MAXIMUM_COUNT),
    );
    return roundStartsOf(trees, outputs * parallel);
  }
  const starts = integersOf(field);
  const isAscending = starts.every((start, index) => index === 0 || start >= starts[index - 1]);
  if (!isAscending || starts[0] !== 0 || starts.at(-1) !== trees) {
    throw new FormatError(`The model's ${field.path} does not lead from 0 to its ${trees} trees.`);
  }
  return starts;
}

/** Where rounds of equally many trees begin, and the end. */
export function roundStartsOf(trees: number, perRound: number): Int32Array {
  const rounds = Math.ceil(trees / perRound);
  return Int32Array.from({ length: rounds + 1 }, (_, round) => Math.min(trees, round * perRound));
}

function readWeights(model: Field, { columns, outputs }: LearnerParts): Float32Array {
  const weights = floatsOf(member(model, "weights"));
  if (weights.length !== (columns + 1) * outputs) {
    throw new FormatError(
      `The model's ${model.path}.weights has ${weights.length} numbers, not ${(columns + 1) * outputs}.`,
    );
  }
  return weights;
}
