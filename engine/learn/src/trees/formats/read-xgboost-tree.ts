import { FormatError } from "../../algorithm.ts";
import type { RegressionTree } from "../tree-ensemble.ts";
import { countOf, type Field, floatsOf, integersOf, member } from "./format-value.ts";

/** XGBoost keeps categories below 2²⁴, where a float32 still counts. */
const MAXIMUM_CATEGORY = 1 << 24;
const MAXIMUM_NODES = 1 << 30;

/** A tree of `learner.gradient_booster.model.trees`, every reference of a node checked. Throws FormatError. */
export function readXgboostTree(field: Field, columns: number): RegressionTree {
  const parameters = member(field, "tree_param");
  const nodes = countOf(member(parameters, "num_nodes"), MAXIMUM_NODES);
  if (optional(parameters, "size_leaf_vector", (size) => countOf(size, MAXIMUM_NODES), 0) > 1) {
    throw new FormatError(
      `The model's ${field.path} has a vector in each leaf (multi_strategy=multi_output_tree), which is not supported.`,
    );
  }
  const integers = (name: string): Int32Array => ofLength(member(field, name), integersOf, nodes);
  const floats = (name: string): Float32Array => ofLength(member(field, name), floatsOf, nodes);
  const categories = readCategories(field);
  const tree: RegressionTree = {
    leftChildren: integers("left_children"),
    rightChildren: integers("right_children"),
    splitColumns: Uint32Array.from(integers("split_indices")),
    splitConditions: floats("split_conditions"),
    defaultLeft: Uint8Array.from(integers("default_left")),
    lossChanges: floats("loss_changes"),
    sumHessians: floats("sum_hessian"),
    baseWeights: floats("base_weights"),
    ...(categories.size > 0 ? { categories } : {}),
  };
  checkTree(tree, columns, field.path);
  return tree;
}

/** Throws FormatError unless the nodes that the root leads to form a tree and split existing columns. */
export function checkTree(tree: RegressionTree, columns: number, path: string): void {
  const { leftChildren, rightChildren, splitColumns, categories } = tree;
  const nodes = leftChildren.length;
  if (nodes === 0) throw new FormatError(`The model's ${path} has no node.`);
  const seen = new Uint8Array(nodes);
  const waiting = [0];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (seen[node] === 1) throw new FormatError(`The model's ${path} is no tree: two ways lead to node ${node}.`);
    seen[node] = 1;
    const left = leftChildren[node];
    const right = rightChildren[node];
    if (left === -1 && right === -1) continue;
    if (left < 0 || left >= nodes || right < 0 || right >= nodes) {
      throw new FormatError(`The model's ${path} has a node ${node} whose children ${left} and ${right} do not exist.`);
    }
    if (splitColumns[node] >= columns) {
      throw new FormatError(`The model's ${path} splits the column ${splitColumns[node]}; there are ${columns}.`);
    }
    waiting.push(left, right);
  }
  for (const node of categories?.keys() ?? []) {
    if (node < 0 || node >= nodes)
      throw new FormatError(`The model's ${path} has categories of a node ${node}, which does not exist.`);
  }
}

/** Absent before XGBoost 1.3. */
function readCategories(field: Field): ReadonlyMap<number, Uint32Array> {
  const integers = (name: string): Int32Array => optional(field, name, integersOf, new Int32Array());
  const nodes = integers("categories_nodes");
  const segments = integers("categories_segments");
  const sizes = integers("categories_sizes");
  const categories = integers("categories");
  if (segments.length !== nodes.length || sizes.length !== nodes.length) {
    throw new FormatError(
      `The model's ${field.path}.categories_segments and categories_sizes are not as long as categories_nodes.`,
    );
  }
  if (categories.some((category) => category < 0 || category >= MAXIMUM_CATEGORY)) {
    throw new FormatError(`The model's ${field.path}.categories are not from 0 to ${MAXIMUM_CATEGORY - 1}.`);
  }
  const byNode = new Map<number, Uint32Array>();
  for (const [index, node] of nodes.entries()) {
    const [start, size] = [segments[index], sizes[index]];
    if (start < 0 || size < 0 || start + size > categories.length) {
      throw new FormatError(`The model's ${field.path}.categories_segments leave the categories.`);
    }
    byNode.set(node, Uint32Array.from(categories.subarray(start, start + size)));
  }
  return byNode;
}

function optional<Value>(parent: Field, name: string, read: (field: Field) => Value, absent: Value): Value {
  const field = member(parent, name);
  return field.value === undefined ? absent : read(field);
}

function ofLength<Values extends { readonly length: number }>(
  field: Field,
  read: (field: Field) => Values,
  length: number,
): Values {
  const values = read(field);
  if (values.length !== length) {
    throw new FormatError(`The model's ${field.path} has ${values.length} numbers for ${length} nodes.`);
  }
  return values;
}
