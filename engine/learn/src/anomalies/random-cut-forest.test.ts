import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createRandom } from "../random.ts";
import { denseMatrix, type Matrix } from "../table/matrix.ts";
import { testTableAlgorithm } from "../testing/table-algorithm-suite.ts";
import { scoreRow } from "./anomaly-score.ts";
import { boxOf, type CutTree, createCutTree, EMPTY, insertRow, removeRow, toLeaf } from "./cut-tree.ts";
import { explainAnomalies, extendForest, randomCutForest, shingle } from "./random-cut-forest.ts";

function usualRows(count: number, seed: number, center = 0): Matrix {
  const random = createRandom(seed);
  return denseMatrix(
    Array.from({ length: count }, () => [center + random.normal(), random.normal(), 5 * random.normal()]),
  );
}

/** Three usual rows and three that are far off in one column. */
const inputs = denseMatrix([
  [0, 0, 0],
  [0.5, -0.5, 2],
  [-0.3, 0.1, -3],
  [30, 0, 0],
  [0, 30, 0],
  [0, 0, -90],
]);

testTableAlgorithm({
  algorithm: randomCutForest,
  parameters: { trees: 50, samplesPerTree: 128 },
  data: () => ({ train: { features: usualRows(2000, 1) } }),
  inputs,
  check: ({ values }) => {
    for (const score of values.subarray(0, 3)) assert.ok(score > 0.4 && score < 1.2, `${values}`);
    for (const score of values.subarray(3)) assert.ok(score > 2.5, `${values}`);
  },
  oneRow: () => ({ train: { features: denseMatrix([[1, 2, 3]]) } }),
  missingValues: () => ({ train: { features: denseMatrix([[1, 2, Number.NaN]]) } }),
  missing: "refused",
  endless: {
    parameters: { trees: 10_000, samplesPerTree: 2048 },
    data: () => ({ train: { features: usualRows(5000, 2) } }),
  },
});

const context = { seed: 1, threads: 1 };

/** Every place of a tree with the number of rows below it; asserts that boxes, cuts and masses are right. */
function inspect(tree: CutTree): { readonly nodes: number; readonly leaves: number; readonly mass: number } {
  const visit = (place: number): { nodes: number; leaves: number; mass: number; rows: Float32Array[] } => {
    if (place < 0) {
      const [point] = boxOf(tree, place);
      return { nodes: 0, leaves: 1, mass: tree.masses[toLeaf(place)], rows: [point] };
    }
    const [left, right] = [visit(tree.left[place]), visit(tree.right[place])];
    const [column, cut] = [tree.cutColumns[place], tree.cutValues[place]];
    assert.ok(left.rows.every((row) => row[column] <= cut) && right.rows.every((row) => row[column] > cut));
    const rows = [...left.rows, ...right.rows];
    const [lower, upper] = boxOf(tree, place);
    for (let index = 0; index < tree.columns; index++) {
      assert.equal(lower[index], Math.min(...rows.map((row) => row[index])));
      assert.equal(upper[index], Math.max(...rows.map((row) => row[index])));
    }
    return {
      nodes: left.nodes + right.nodes + 1,
      leaves: left.leaves + right.leaves,
      mass: left.mass + right.mass,
      rows,
    };
  };
  return tree.root === EMPTY ? { nodes: 0, leaves: 0, mass: 0 } : visit(tree.root);
}

describe("cut tree", () => {
  test("rows come and go: boxes, cuts and masses stay right, equal rows share a leaf", () => {
    const random = createRandom(3);
    const tree = createCutTree(40, 2);
    const kept: Float32Array[] = [];
    for (let step = 0; step < 250; step++) {
      if (kept.length < 40 && random.uniform() < 0.55) {
        const row = Float32Array.of(random.below(6), random.below(6) / 3);
        kept.push(row);
        insertRow(tree, row, random);
      } else if (kept.length > 0) {
        const [gone] = kept.splice(random.below(kept.length), 1);
        const leaf = tree.masses.findIndex(
          (mass, index) => mass > 0 && tree.points[index * 2] === gone[0] && tree.points[index * 2 + 1] === gone[1],
        );
        removeRow(tree, leaf);
      }
      const { nodes, leaves, mass } = inspect(tree);
      assert.deepEqual([mass, tree.mass], [kept.length, kept.length]);
      assert.equal(leaves, new Set(kept.map(String)).size);
      assert.equal(nodes, Math.max(0, leaves - 1));
    }
  });

  test("rows that differ in the last bit only are separated", () => {
    const tree = createCutTree(3, 2);
    for (const value of [1, 1 + 2 ** -23, 1 + 2 ** -22]) insertRow(tree, Float32Array.of(value, 7), createRandom(1));
    assert.equal(inspect(tree).leaves, 3);
  });

  test("the first cut is drawn in proportion to the columns' ranges", () => {
    let wide = 0;
    for (let seed = 0; seed < 2000; seed++) {
      const tree = createCutTree(3, 2);
      const random = createRandom(seed);
      for (const row of [
        [0, 0],
        [3, 1],
        [0.1, 0.5],
      ])
        insertRow(tree, Float32Array.from(row), random);
      if (tree.cutColumns[tree.root] === 0) wide++;
    }
    assert.ok(Math.abs(wide / 2000 - 0.75) < 0.04, `${wide}`);
  });
});

describe("random cut forest", () => {
  const fit = () => randomCutForest.fit({ trees: 60 }, { train: { features: usualRows(3000, 4) } }, context);

  test("the score of known trees: as AWS's library scores them", async () => {
    const one = await randomCutForest.fit({ trees: 1 }, { train: { features: denseMatrix([[5]]) } }, context);
    // A leaf at depth 0: seen (1 − 1/2) / log₂(2), unseen 1, both times log₂(2).
    assert.deepEqual([...randomCutForest.predict(one, denseMatrix([[5], [6]])).values], [0.5, 1]);
    const two = await randomCutForest.fit({ trees: 1 }, { train: { features: denseMatrix([[0], [1]]) } }, context);
    // Row 3 widens the box [0, 1] to [0, 3]: 2/3 · 1 + 1/3 · 1/2, times log₂(3).
    const [far, known] = randomCutForest.predict(two, denseMatrix([[3], [1]])).values;
    assert.ok(Math.abs(far - (2 / 3 + 1 / 6) * Math.log2(3)) < 1e-6);
    assert.ok(Math.abs(known - ((1 - 1 / 4) / 2) * Math.log2(3)) < 1e-6);
  });

  test("a forest scores as the mean of its trees", async () => {
    const { trees } = await fit();
    const shown = denseMatrix([
      ...Array.from({ length: 6 }, (_, row) => [...inputs.values.subarray(row * 3, row * 3 + 3)]),
      [0, 0, 0],
    ]);
    const { values } = randomCutForest.predict({ columns: 3, samplesPerTree: 256, seen: 3000, trees }, shown);
    for (let row = 0; row < 7; row++) {
      const own = Float32Array.from(shown.values.subarray(row * 3, row * 3 + 3));
      const mean = trees.reduce((sum, tree) => sum + scoreRow(tree, own), 0) / trees.length;
      assert.ok(Math.abs(values[row] - mean) < 1e-6 * mean, `${values[row]}, not ${mean}`);
    }
  });

  test("contributions add up to the score and name the column that is far off", async () => {
    const model = await fit();
    const contributions = explainAnomalies(model, inputs);
    const { values } = randomCutForest.predict(model, inputs);
    for (let row = 0; row < 6; row++) {
      const own = contributions.subarray(row * 3, row * 3 + 3);
      assert.ok(Math.abs(own.reduce((sum, value) => sum + value, 0) - values[row]) < 1e-5);
      if (row >= 3) assert.ok(own[row - 3] > 0.9 * values[row]);
    }
  });

  test("a stream: what has become usual scores less, the given forest stays as it was", async () => {
    const model = await fit();
    const moved = denseMatrix([[30, 0, 0]]);
    const before = randomCutForest.predict(model, moved).values[0];
    const extended = extendForest(model, usualRows(3000, 5, 30), 1);
    assert.equal(extended.seen, 6000);
    for (const tree of extended.trees.slice(0, 3)) assert.equal(inspect(tree).mass, 256);
    assert.ok(randomCutForest.predict(extended, moved).values[0] < before / 2);
    assert.equal(randomCutForest.predict(model, moved).values[0], before);
  });

  test("a series in windows", async () => {
    assert.deepEqual([...shingle(Float32Array.of(1, 2, 3, 4), 3).values], [1, 2, 3, 2, 3, 4]);
    assert.throws(() => shingle(Float32Array.of(1), 2), RangeError);
    const series = Float32Array.from({ length: 2000 }, (_, time) => Math.sin(time / 5) + (time === 1500 ? 3 : 0));
    const features = shingle(series, 8);
    const model = await randomCutForest.fit({}, { train: { features } }, context);
    const { values } = randomCutForest.predict(model, features);
    const highest = values.indexOf(Math.max(...values));
    assert.ok(highest > 1492 && highest <= 1500, `${highest}`);
  });

  test("a file whose tree does not end is refused", async () => {
    const bytes = Buffer.concat([...randomCutForest.encode(await fit())]);
    const header = bytes.indexOf(10) + 1;
    for (let place = 0; place < 300; place++) bytes.writeInt32LE(0, header + place * 4);
    await assert.rejects(randomCutForest.decode({ chunks: [bytes], byteLength: bytes.length }), {
      name: "FormatError",
    });
  });

  test("a file that says more of its trees than memory holds, or has no numbers, is refused", async () => {
    const bytes = Buffer.concat([...randomCutForest.encode(await fit())]);
    const end = bytes.indexOf(10) + 1;
    const header = bytes.subarray(0, end).toString();
    const lying = Buffer.concat([
      Buffer.from(
        header.replace('"samplesPerTree":256', '"samplesPerTree":65536').replace('"trees":60', '"trees":9999'),
      ),
      bytes.subarray(end),
    ]);
    const notFinite = Buffer.from(bytes);
    notFinite.writeFloatLE(Number.NaN, bytes.length - 4);
    for (const file of [lying, notFinite]) {
      const decoding = randomCutForest.decode({ chunks: [file], byteLength: file.length });
      await assert.rejects(decoding, { name: "FormatError" });
    }
  });

  test("a large tree of many columns: others have the event loop, an abort ends it", async () => {
    const features = denseMatrix(
      Array.from({ length: 3000 }, (_, row) => Array.from({ length: 300 }, () => row % 1499)),
    );
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    const fitting = randomCutForest.fit(
      { trees: 1, samplesPerTree: 3000 },
      { train: { features } },
      { ...context, signal: controller.signal, onProgress: () => assert.fail("The tree was finished.") },
    );
    await assert.rejects(fitting, { name: "AbortError" });
  });
});
