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
  const { tree, nodes, origins, parents, columns, isLeft, sameColumn, means, used } = paths;
  const goesLeft = createRowDecision(tree);
  const onPath = new Uint8Array(nodes).fill(1);
  const passes = createPasses(paths);
  const { states } = passes;
  return {
    read(row) {
      for (let node = 1; node < nodes; node += 1) {
        const parent = parents[node];
        const follows = goesLeft(origins[parent], row) === (isLeft[node] === 1);
        const previous = sameColumn[node];
        const isOpen = previous < 0 || states[previous] === SATISFIED;
        onPath[node] = follows && onPath[parent] === 1 ? 1 : 0;
        states[node] = isOpen ? (follows ? SATISFIED : LEFT_HERE) : LEFT_BEFORE;
      }
    },
    addContributions(target, offset, weight) {
      descend(paths, passes, NOTHING);
      ascend(paths, passes, { given: NOTHING, target, offset, weight });
    },
    addInteractions(target, offset, { width, weight }) {
      for (const given of used) {
        descend(paths, passes, given);
        ascend(paths, passes, { given, target, offset: offset + given * width, weight: weight / 2 });
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

/** Of a node: the row satisfies all splits of its column on the way to it, all but the last one, or not even those before. */
const SATISFIED = 2;
const LEFT_HERE = 1;
const LEFT_BEFORE = 0;
const STATES = 3;

interface Passes {
  readonly states: Uint8Array;
  /** By node, state and point: z(1-t) + ot of the node's column, divided by what it was at the split of the same column before. */
  readonly ratios: Float64Array;
  /** By node, state and point: 1 / (z(1-t) + ot); 0 where that is 0, which is never asked for. */
  readonly inverses: Float64Array;
  /** By node and state: o - z, zero when knowing the column changes nothing. */
  readonly surprises: Float64Array;
  /** By node and point: of the factors of all columns on the way. */
  readonly products: Float64Array;
  /** By node and point: of the leaves below. */
  readonly sums: Float64Array;
  /** By node: o - z of the column that stays out of the products. */
  readonly gates: Float64Array;
}

function createPasses({ nodes, quadrature, fractions, sameColumn }: TreePaths): Passes {
  const { points } = quadrature;
  const size = points.length;
  const ratios = new Float64Array(nodes * STATES * size).fill(1);
  const inverses = new Float64Array(nodes * STATES * size).fill(1);
  const surprises = new Float64Array(nodes * STATES);
  for (let node = 1; node < nodes; node += 1) {
    const previous = sameColumn[node];
    for (let state = 0; state < STATES; state += 1) {
      const satisfied = state === SATISFIED ? 1 : 0;
      surprises[node * STATES + state] = satisfied - fractions[node];
      for (const [point, t] of points.entries()) {
        const place = (node * STATES + state) * size + point;
        const factor = fractions[node] * (1 - t) + satisfied * t;
        const before = previous < 0 ? 1 : fractions[previous] * (1 - t) + (state === LEFT_BEFORE ? 0 : t);
        ratios[place] = before === 0 ? 0 : factor / before;
        inverses[place] = factor === 0 ? 0 : 1 / factor;
      }
    }
  }
  return {
    states: new Uint8Array(nodes).fill(SATISFIED),
    ratios,
    inverses,
    surprises,
    products: new Float64Array(nodes * size).fill(1),
    sums: new Float64Array(nodes * size),
    gates: new Float64Array(nodes),
  };
}

/** The products, without the column `given`, and the leaves' terms of the integral. */
function descend(paths: TreePaths, passes: Passes, given: number): void {
  const { nodes, parents, columns, isLeaf, means } = paths;
  const { states, ratios, surprises, products, sums, gates } = passes;
  const { weights } = paths.quadrature;
  const size = weights.length;
  sums.fill(0);
  for (let node = 1; node < nodes; node += 1) {
    const parent = parents[node];
    const isGiven = columns[node] === given;
    const state = node * STATES + states[node];
    gates[node] = isGiven ? surprises[state] : gates[parent];
    const value = isLeaf[node] === 1 ? means[node] * (given === NOTHING ? 1 : gates[node]) : 0;
    for (let point = 0; point < size; point += 1) {
      const product = products[parent * size + point] * (isGiven ? 1 : ratios[state * size + point]);
      products[node * size + point] = product;
      if (value !== 0) sums[node * size + point] = value * weights[point] * product;
    }
  }
}

interface Addition {
  readonly given: number;
  readonly target: Float64Array;
  readonly offset: number;
  readonly weight: number;
}

/**
 * Sums the leaves up the tree and adds what each split's column contributes: the integral of the leaves below it without the column's own factor, times the column's surprise.
 */
function ascend(paths: TreePaths, passes: Passes, { given, target, offset, weight }: Addition): void {
  const { nodes, parents, columns, sameColumn } = paths;
  const { states, inverses, surprises, sums } = passes;
  const size = paths.quadrature.points.length;
  for (let node = nodes - 1; node > 0; node -= 1) {
    const parent = parents[node];
    const isGiven = columns[node] === given;
    const own = node * STATES + states[node];
    const previous = sameColumn[node];
    // The ancestor of the same column counts these leaves by its own factor; the deeper split is what holds for them.
    const before = previous < 0 ? -1 : previous * STATES + states[previous];
    let [integral, overcounted] = [0, 0];
    for (let point = 0; point < size; point += 1) {
      const sum = sums[node * size + point];
      sums[parent * size + point] += sum;
      integral += sum * inverses[own * size + point];
      if (before >= 0) overcounted += sum * inverses[before * size + point];
    }
    if (isGiven) continue;
    const value = surprises[own] * integral - (before < 0 ? 0 : surprises[before] * overcounted);
    target[offset + columns[node]] += weight * value;
  }
}
