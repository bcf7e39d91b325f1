import { createRowDecision } from "./row-decision.ts";
import type { TreePaths } from "./tree-paths.ts";

/** Adds what a tree says of a row to arrays that the caller keeps; nothing is allocated from row to row. */
export interface TreeExplainer {
  /** Takes in a row: one value per column, NaN where it is missing. The methods below speak of it. */
  read(row: Float32Array): void;
  /** Adds weight · φ of each column to `target` from `offset` on. */
  addContributions(target: Float64Array, offset: number, weight: number): void;
  /** Adds weight · Φ of each pair of different columns to the square matrix of `width` columns in `target`. */
  addInteractions(
    target: Float64Array,
    offset: number,
    options: { readonly width: number; readonly weight: number },
  ): void;
  /** Adds what each split on the row's way changed the mean by (Saabas 2014), to the column that it splits. */
  addApproximations(target: Float64Array, offset: number, weight: number): void;
}

/**
 * Path-dependent TreeSHAP (Lundberg, Erion & Lee 2018, "Consistent Individualized Feature Attribution for Tree Ensembles", the values of Algorithm 2), in time linear
 * in the nodes. In a leaf of value v let zᵢ be the fraction of column i and oᵢ 1 when the row satisfies the column's splits, else 0. Its Shapley value is
 * φᵢ = v (oᵢ - zᵢ) ∫₀¹ Π_{j≠i} (zⱼ(1-t) + oⱼt) dt, since ∫ tˢ(1-t)ᵐ⁻¹⁻ˢ dt are the weights of coalitions of size s. Gauss-Legendre makes the integral an exact sum; for each of its
 * points the products go down the tree and the leaves' sums come up (Yu et al. 2022, "Linear TreeShap").
 */
export function createTreeExplainer(paths: TreePaths): TreeExplainer {
  const { tree, nodes, origins, parents, columns, isLeft, sameColumn, fractions, means, used } = paths;
  const { points } = paths.quadrature;
  const size = points.length;
  const goesLeft = createRowDecision(tree);
  const onPath = new Uint8Array(nodes).fill(1);
  const passes = createPasses(paths);
  const { satisfied, factors } = passes;
  return {
    read(row) {
      for (let node = 1; node < nodes; node += 1) {
        const parent = parents[node];
        const follows = goesLeft(origins[parent], row) === (isLeft[node] === 1);
        const previous = sameColumn[node];
        onPath[node] = follows && onPath[parent] === 1 ? 1 : 0;
        satisfied[node] = follows && (previous < 0 || satisfied[previous] === 1) ? 1 : 0;
        for (let point = 0; point < size; point += 1) {
          factors[node * size + point] = fractions[node] * (1 - points[point]) + satisfied[node] * points[point];
        }
      }
    },
    addContributions(target, offset, weight) {
      descend(paths, passes, NOTHING);
      ascend(paths, passes, NOTHING, (column, value) => {
        target[offset + column] += weight * value;
      });
    },
    addInteractions(target, offset, { width, weight }) {
      for (const given of used) {
        descend(paths, passes, given);
        ascend(paths, passes, given, (column, value) => {
          target[offset + given * width + column] += (weight * value) / 2;
        });
      }
    },
    addApproximations(target, offset, weight) {
      for (let node = 1; node < nodes; node += 1) {
        if (onPath[node] === 1) target[offset + columns[node]] += weight * (means[node] - means[parents[node]]);
      }
    },
  };
}

/** In the place of a column that stays out of the products: none does. */
const NOTHING = -1;

/** What is computed of a row, by node; of most for each point of the quadrature. */
interface Passes {
  /** 1 = the row satisfies all splits of the node's column on the way to it. */
  readonly satisfied: Uint8Array;
  /** z(1-t) + ot of the node's column. */
  readonly factors: Float64Array;
  /** Of the factors of all columns on the way. */
  readonly products: Float64Array;
  /** Of the leaves below. */
  readonly sums: Float64Array;
  /** o - z of the column that stays out of the products. */
  readonly gates: Float64Array;
}

function createPasses({ nodes, quadrature }: TreePaths): Passes {
  const length = nodes * quadrature.points.length;
  return {
    satisfied: new Uint8Array(nodes).fill(1),
    factors: new Float64Array(length).fill(1),
    products: new Float64Array(length).fill(1),
    sums: new Float64Array(length),
    gates: new Float64Array(nodes),
  };
}

/** The products, without the column `given`, and the leaves' terms of the integral. */
function descend(paths: TreePaths, passes: Passes, given: number): void {
  const { nodes, parents, columns, sameColumn, isLeaf, means } = paths;
  const { factors, products, sums, gates } = passes;
  const { weights } = paths.quadrature;
  const size = weights.length;
  for (let node = 1; node < nodes; node += 1) {
    const parent = parents[node];
    const isGiven = columns[node] === given;
    gates[node] = isGiven ? surprise(paths, passes, node) : gates[parent];
    const previous = sameColumn[node];
    for (let point = 0; point < size; point += 1) {
      const product = products[parent * size + point];
      const before = previous < 0 ? 1 : factors[previous * size + point];
      // A product with a factor 0 stays 0: the column's later factors are 0 as well.
      products[node * size + point] =
        isGiven || before === 0 ? product : (product * factors[node * size + point]) / before;
    }
  }
  for (let node = 0; node < nodes; node += 1) {
    const value = isLeaf[node] === 1 ? means[node] * (given === NOTHING ? 1 : gates[node]) : 0;
    for (let point = 0; point < size; point += 1) {
      sums[node * size + point] = value === 0 ? 0 : value * weights[point] * products[node * size + point];
    }
  }
}

/** Sums the leaves up the tree and adds what each split's column contributes. */
function ascend(paths: TreePaths, passes: Passes, given: number, add: (column: number, value: number) => void): void {
  const { nodes, parents, columns, sameColumn } = paths;
  const { sums } = passes;
  const size = paths.quadrature.points.length;
  for (let node = nodes - 1; node > 0; node -= 1) {
    const parent = parents[node];
    for (let point = 0; point < size; point += 1) sums[parent * size + point] += sums[node * size + point];
    if (columns[node] === given) continue;
    const previous = sameColumn[node];
    // The ancestor of the same column counts these leaves by its own factor; the deeper split is what holds for them.
    const overcounted = previous < 0 ? 0 : integrate(paths, passes, node, previous);
    add(columns[node], integrate(paths, passes, node, node) - overcounted);
  }
}

/** ∫ of the leaves below `node` without the factor of `divisor`, times o - z of that column. */
function integrate(paths: TreePaths, passes: Passes, node: number, divisor: number): number {
  const difference = surprise(paths, passes, divisor);
  if (difference === 0) return 0;
  const { sums, factors } = passes;
  const size = paths.quadrature.points.length;
  let integral = 0;
  for (let point = 0; point < size; point += 1) integral += sums[node * size + point] / factors[divisor * size + point];
  return difference * integral;
}

/** o - z: zero when knowing the column changes nothing. */
function surprise({ fractions }: TreePaths, { satisfied }: Passes, node: number): number {
  return satisfied[node] - fractions[node];
}
