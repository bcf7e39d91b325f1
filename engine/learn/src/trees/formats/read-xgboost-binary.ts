import { FormatError } from "../../algorithm.ts";
import { toBaseScore } from "../explanations/base-margins.ts";
import type { LinearBooster, RegressionTree } from "../tree-ensemble.ts";
import { BinaryCursor } from "./binary-cursor.ts";
import { readJson } from "./json-reader.ts";
import { type Booster, MAXIMUM_OUTPUTS, readObjective, roundStartsOf } from "./read-xgboost-model.ts";
import { checkTree } from "./read-xgboost-tree.ts";

const HEADER = "binf";
/** Of a node and of what is known of it, in bytes. */
const NODE_BYTES = 20 + 16;
/** What XGBoost keeps free at the end of its parameters. */
const RESERVED = { learner: 27 * 4, trees: 32 * 4, tree: 31 * 4, linear: 32 * 4 } as const;
/** In the number of the column that a node splits: missing values go left. */
const DEFAULT_LEFT = 2 ** 31;

/**
 * The binary format of `Booster.save_model` before XGBoost 2.1, with or without its header `binf`: AWS's images of XGBoost 1.x wrote it. A memory image of the
 * structures `LearnerModelParamLegacy`, `GBTreeModelParam`, `TreeParam`, `Node` and `RTreeNodeStat` of XGBoost 1.7 (learner.cc, gbtree_model.h, tree_model.h). Throws FormatError.
 */
export function readXgboostBinary(bytes: Uint8Array): Booster {
  const hasHeader = Buffer.from(bytes.subarray(0, HEADER.length)).toString("latin1") === HEADER;
  try {
    return readLearner(new BinaryCursor(hasHeader ? bytes.subarray(HEADER.length) : bytes));
  } catch (error) {
    // Without the header anything may have come here.
    throw hasHeader || !(error instanceof FormatError) ? error : unknownFile(error);
  }
}

function readLearner(cursor: BinaryCursor): Booster {
  const baseScore = cursor.float32();
  const columns = cursor.uint32();
  const outputs = Math.max(1, cursor.int32());
  if (outputs > MAXIMUM_OUTPUTS)
    throw new FormatError(`The model has ${outputs} classes; at most ${MAXIMUM_OUTPUTS} are read.`);
  const [hasAttributes, , majorVersion] = [cursor.int32(), cursor.int32(), cursor.uint32()];
  cursor.skip(4 + RESERVED.learner);
  const objective = cursor.text();
  const name = cursor.text();
  if (!Number.isFinite(baseScore) || !/^[a-z]+:[a-z]+$/.test(objective)) throw unknownFile();
  const parts =
    name === "gblinear" ? readLinear(cursor, columns, outputs) : readTrees(cursor, name, { columns, outputs });
  const attributes = hasAttributes === 0 ? {} : readAttributes(cursor);
  const { objective: parameters, ...others } = attributes;
  return {
    ...(parameters === undefined
      ? { objective, objectiveParameters: {} }
      : readObjective({ path: "objective", value: readJson(Buffer.from(parameters)) })),
    outputs,
    // Before 1.0 the file had the margin.
    baseScores: [majorVersion >= 1 ? baseScore : toBaseScore(objective, baseScore)],
    columns,
    attributes: others,
    ...parts,
  };
}

function unknownFile(cause?: Error): FormatError {
  return new FormatError(
    'The model file is neither JSON nor UBJSON nor the old binary format of XGBoost; write it with Booster.save_model("model.ubj").',
    { cause },
  );
}

interface Shape {
  readonly columns: number;
  readonly outputs: number;
}

function readTrees(cursor: BinaryCursor, name: string, { columns, outputs }: Shape) {
  if (name !== "gbtree" && name !== "dart") throw unknownFile();
  const count = cursor.int32();
  const parallel = Math.max(1, cursor.int32());
  cursor.skip(4 + 4 + 8 + 4 + 4 + RESERVED.trees);
  if (count < 0 || count * NODE_BYTES > cursor.remaining)
    throw new FormatError(`The model file says that it has ${count} trees, and is too short for them.`);
  const trees = Array.from({ length: count }, (_, index) => readTree(cursor, columns, `trees[${index}]`));
  const treeOutputs = Int32Array.from(trees, () => cursor.int32());
  if (treeOutputs.some((output) => output < 0 || output >= outputs)) {
    throw new FormatError(`The model's tree_info has an output beyond the ${outputs} of the model.`);
  }
  const model = { trees, treeOutputs, roundStarts: roundStartsOf(count, outputs * parallel) };
  if (name === "gbtree") return { booster: name, ...model } as const;
  const weights = count === 0 ? 0 : cursor.length(4);
  if (weights !== count)
    throw new FormatError(`The model's weight_drop has not one number for each of the ${count} trees.`);
  return { booster: name, ...model, treeWeights: Float32Array.from(trees, () => cursor.float32()) } as const;
}

function readTree(cursor: BinaryCursor, columns: number, path: string): RegressionTree {
  cursor.skip(4);
  const nodes = cursor.int32();
  cursor.skip(4 + 4 + 4);
  const hasVectors = cursor.int32() !== 0;
  cursor.skip(RESERVED.tree);
  if (nodes < 1 || nodes * NODE_BYTES > cursor.remaining)
    throw new FormatError(`The model's ${path} says that it has ${nodes} nodes, and the file is too short for them.`);
  const tree = {
    leftChildren: new Int32Array(nodes),
    rightChildren: new Int32Array(nodes),
    splitColumns: new Uint32Array(nodes),
    splitConditions: new Float32Array(nodes),
    defaultLeft: new Uint8Array(nodes),
    lossChanges: new Float32Array(nodes),
    sumHessians: new Float32Array(nodes),
    baseWeights: new Float32Array(nodes),
  };
  for (let node = 0; node < nodes; node += 1) {
    cursor.skip(4);
    tree.leftChildren[node] = cursor.int32();
    tree.rightChildren[node] = tree.leftChildren[node] === -1 ? (cursor.skip(4), -1) : cursor.int32();
    const split = cursor.uint32();
    tree.splitColumns[node] = split % DEFAULT_LEFT;
    tree.defaultLeft[node] = split >= DEFAULT_LEFT ? 1 : 0;
    tree.splitConditions[node] = cursor.float32();
  }
  for (let node = 0; node < nodes; node += 1) {
    tree.lossChanges[node] = cursor.float32();
    tree.sumHessians[node] = cursor.float32();
    tree.baseWeights[node] = cursor.float32();
    cursor.skip(4);
  }
  if (hasVectors && cursor.length(4) > 0)
    throw new FormatError(`The model's ${path} has a vector in each leaf, which is not supported.`);
  checkTree(tree, columns, path);
  return tree;
}

function readLinear(
  cursor: BinaryCursor,
  columns: number,
  outputs: number,
): Pick<LinearBooster, "booster" | "weights"> {
  cursor.skip(4 + 4 + RESERVED.linear);
  const length = cursor.length(4);
  if (length !== (columns + 1) * outputs)
    throw new FormatError(`The model has ${length} weights, not ${(columns + 1) * outputs}.`);
  return { booster: "gblinear", weights: Float32Array.from({ length }, () => cursor.float32()) };
}

function readAttributes(cursor: BinaryCursor): Readonly<Record<string, string>> {
  const count = cursor.length(16);
  return Object.fromEntries(Array.from({ length: count }, () => [cursor.text(), cursor.text()]));
}
