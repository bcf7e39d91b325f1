import type { RegressionTree, TreeEnsemble } from "../tree-ensemble.ts";
import { type FormatObject, type FormatValue, Real } from "./format-value.ts";
import { objectiveMembers } from "./objective-parameters.ts";
import type { Booster } from "./read-xgboost-model.ts";
import { shortestFloat } from "./shortest-float.ts";

/** The format that we write; XGBoost reads what is of its own version or older without a warning. */
const VERSION = [3, 2, 0];
/** The parent of the root. */
const NO_PARENT = 2 ** 31 - 1;

/** A model as XGBoost 3.2 arranges it in JSON and UBJSON. Versions from 1.3 on read it, unless it has a base score for each output (from 3.1 on). */
export function toXgboostModel(model: Booster): FormatValue {
  const isMultiClass = model.objective.startsWith("multi:");
  const parameters = isMultiClass
    ? { ...model.objectiveParameters, num_class: String(model.outputs) }
    : model.objectiveParameters;
  return {
    learner: {
      attributes: model.attributes,
      feature_names: model.names ?? [],
      feature_types: model.types ?? [],
      gradient_booster: toGradientBooster(model),
      learner_model_param: {
        base_score: toBaseScore(model.baseScores),
        boost_from_average: "1",
        num_class: isMultiClass ? String(model.outputs) : "0",
        num_feature: String(model.columns),
        num_target: isMultiClass ? "1" : String(model.outputs),
      },
      objective: objectiveMembers(model.objective, parameters),
    },
    version: VERSION,
  };
}

/** One number where it serves for all outputs: versions before 3.1 know no list. */
function toBaseScore(scores: readonly number[]): string {
  const texts = scores.map((score) => shortestFloat(Math.fround(score)));
  return new Set(texts).size === 1 ? (texts[0] as string) : `[${texts.join(",")}]`;
}

function toGradientBooster(model: Booster): FormatObject {
  switch (model.booster) {
    case "gblinear":
      return { model: { boosted_rounds: 0, weights: model.weights }, name: "gblinear" };
    case "gbtree":
      return { model: toTreeModel(model), name: "gbtree" };
    case "dart": {
      const weights = model.treeWeights ?? new Float32Array(model.trees.length).fill(1);
      return {
        gbtree: { model: toTreeModel(model), name: "gbtree" },
        name: "dart",
        weight_drop: Array.from(weights, (weight) => new Real(weight)),
      };
    }
  }
}

function toTreeModel({ trees, treeOutputs, roundStarts, columns, outputs }: TreeEnsemble): FormatObject {
  const firstRound = (roundStarts[1] ?? outputs) - (roundStarts[0] ?? 0);
  return {
    gbtree_model_param: {
      num_parallel_tree: String(Math.max(1, Math.floor(firstRound / outputs))),
      num_trees: String(trees.length),
      size_leaf_vector: "0",
    },
    iteration_indptr: [...roundStarts],
    tree_info: [...treeOutputs],
    trees: trees.map((tree, index) => toTree(tree, index, columns)),
  };
}

function toTree(tree: RegressionTree, index: number, columns: number): FormatObject {
  const nodes = tree.leftChildren.length;
  return {
    base_weights: tree.baseWeights,
    ...toCategories(tree),
    default_left: tree.defaultLeft,
    id: index,
    left_children: tree.leftChildren,
    loss_changes: tree.lossChanges,
    parents: parentsOf(tree),
    right_children: tree.rightChildren,
    split_conditions: tree.splitConditions,
    split_indices: Int32Array.from(tree.splitColumns),
    sum_hessian: tree.sumHessians,
    tree_param: { num_deleted: "0", num_feature: String(columns), num_nodes: String(nodes), size_leaf_vector: "1" },
  };
}

function toCategories({ categories = new Map<number, Uint32Array>(), leftChildren }: RegressionTree): FormatObject {
  const nodes = [...categories.keys()].sort((a, b) => a - b);
  const lists = nodes.map((node) => categories.get(node) ?? new Uint32Array());
  let end = 0;
  const starts = lists.map(({ length }) => {
    end += length;
    return end - length;
  });
  return {
    categories: Int32Array.from(lists.flatMap((list) => [...list])),
    categories_nodes: Int32Array.from(nodes),
    categories_segments: BigInt64Array.from(starts, BigInt),
    categories_sizes: BigInt64Array.from(lists, ({ length }) => BigInt(length)),
    split_type: Uint8Array.from(leftChildren, (_, node) => (categories.has(node) ? 1 : 0)),
  };
}

function parentsOf({ leftChildren, rightChildren }: RegressionTree): Int32Array {
  const parents = new Int32Array(leftChildren.length).fill(NO_PARENT);
  for (const [node, left] of leftChildren.entries()) {
    if (left === -1) continue;
    parents[left] = node;
    parents[rightChildren[node]] = node;
  }
  return parents;
}
