import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DataError } from "../algorithm.ts";
import type { ParameterTable, ParameterValues } from "../parameters.ts";
import { denseMatrix, type Matrix, sliceRows, toDense } from "../table/matrix.ts";
import type { TableData } from "../table/table.ts";
import type { RowPredictions, TableAlgorithm, TableFitContext } from "../table/table-algorithm.ts";
import { assertCutFilesAreRefused, testEnding, testParameterRanges, throughItsFile } from "./contract-cases.ts";

/** What the contract suite needs to know of an algorithm: problems to give it. */
export interface TableAlgorithmScenario<Parameters extends ParameterTable, Model> {
  readonly algorithm: TableAlgorithm<Parameters, Model>;
  /** Parameters that suit the problem. */
  readonly parameters: Partial<ParameterValues<Parameters>>;
  /** A synthetic problem whose right answer is known; made anew at each call. */
  readonly data: () => TableData;
  /** At least two rows that were not trained on. */
  readonly inputs: Matrix;
  /** Asserts the right answers. */
  readonly check: (predictions: RowPredictions) => void;
  /** Data of one row. */
  readonly oneRow: () => TableData;
  /** `data` with NaN here and there: learned from, or refused with a DataError that says so. */
  readonly missingValues: () => TableData;
  readonly missing: "learned" | "refused";
  /** Parameters and data with which fitting would take minutes. */
  readonly endless: { readonly parameters: Partial<ParameterValues<Parameters>>; readonly data: () => TableData };
}

const context: TableFitContext = { seed: 1, threads: 1 };

/** The contract that every algorithm of tables keeps. Call it in the algorithm's own test file. */
export function testTableAlgorithm<Parameters extends ParameterTable, Model>(
  scenario: TableAlgorithmScenario<Parameters, Model>,
): void {
  const { algorithm } = scenario;
  describe(`${algorithm.id}: algorithm contract`, () => {
    testModels(scenario);
    testRefusals(scenario);
    testEnding(
      (ending) => algorithm.fit(scenario.endless.parameters, scenario.endless.data(), ending),
      (model) => assert.equal(algorithm.predict(model, scenario.inputs).rows, scenario.inputs.rows),
    );
  });
}

function testModels<Parameters extends ParameterTable, Model>({
  algorithm,
  parameters,
  data,
  inputs,
  check,
  ...scenario
}: TableAlgorithmScenario<Parameters, Model>): void {
  const encode = (model: Model): Buffer => Buffer.concat([...algorithm.encode(model)]);
  const fit = (given: TableData, threads = 1): Promise<Model> =>
    algorithm.fit(parameters, given, { ...context, threads });

  test("a problem whose answer is known", async () => {
    check(algorithm.predict(await fit(data()), inputs));
  });

  test("same seed, same bytes, on any number of threads", async () => {
    const first = encode(await fit(data()));
    for (const threads of [1, 2, 3]) assert.equal(Buffer.compare(encode(await fit(data(), threads)), first), 0);
  });

  test("batch prediction = single predictions, dense = sparse", async () => {
    const model = await fit(data());
    const all = algorithm.predict(model, inputs);
    assert.equal(all.values.length, all.rows * all.width);
    const single = Array.from({ length: inputs.rows }, (_, row) => [
      ...algorithm.predict(model, sliceRows(inputs, row, row + 1)).values,
    ]);
    assert.deepEqual(single.flat(), [...all.values]);
    assert.deepEqual(algorithm.predict(model, toDense(inputs)), all);
    assert.deepEqual(algorithm.predict(model, toSparse(toDense(inputs))), all);
  });

  test("encode → decode → same predictions and bytes, however the file is cut", async () => {
    const model = await fit(data());
    const decoded = await throughItsFile(algorithm, model);
    assert.deepEqual(algorithm.predict(decoded, inputs), algorithm.predict(model, inputs));
  });

  test("one row, and no row to predict", async () => {
    const predictions = algorithm.predict(await fit(scenario.oneRow()), inputs);
    assert.equal(predictions.rows, inputs.rows);
    const none = algorithm.predict(await fit(data()), sliceRows(inputs, 0, 0));
    assert.deepEqual([none.rows, none.values.length], [0, 0]);
  });

  test(`missing values are ${scenario.missing}`, async () => {
    if (scenario.missing === "refused") {
      await assert.rejects(
        fit(scenario.missingValues()),
        (error) => error instanceof DataError && error.message !== "",
      );
    } else {
      assert.equal(algorithm.predict(await fit(scenario.missingValues()), inputs).rows, inputs.rows);
    }
  });
}

function testRefusals<Parameters extends ParameterTable, Model>({
  algorithm,
  parameters,
  data,
  inputs,
}: TableAlgorithmScenario<Parameters, Model>): void {
  test("a file that is cut off is refused", async () => {
    await assertCutFilesAreRefused(algorithm, await algorithm.fit(parameters, data(), context));
  });

  testParameterRanges(algorithm.parameters, (values) => algorithm.fit({ ...parameters, ...values }, data(), context));

  test("empty data, and another number of columns, are refused with a message", async () => {
    const { train } = data();
    const { columns } = train.features;
    const none = new Float32Array(0);
    const empty = { ...train, features: denseMatrix([], columns), ...(train.labels && { labels: none }) };
    const refused = (error: unknown): boolean => error instanceof DataError && error.message !== "";
    const fitting = algorithm.fit(parameters, { train: { ...empty, weights: undefined, groups: undefined } }, context);
    await assert.rejects(fitting, refused);
    const model = await algorithm.fit(parameters, data(), context);
    const wider = denseMatrix([Array.from({ length: inputs.columns + 1 }, () => 0)]);
    assert.throws(() => algorithm.predict(model, wider), refused);
  });
}

/** The same numbers, zeros left out. */
function toSparse({ rows, columns, values }: ReturnType<typeof toDense>): Matrix {
  const rowStarts = new Float64Array(rows + 1);
  const entries: { readonly column: number; readonly value: number }[] = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const value = values[row * columns + column] ?? 0;
      if (value !== 0) entries.push({ column, value });
    }
    rowStarts[row + 1] = entries.length;
  }
  const columnIndexes = Uint32Array.from(entries, ({ column }) => column);
  const kept = Float32Array.from(entries, ({ value }) => value);
  return { kind: "sparse", rows, columns, rowStarts, columnIndexes, values: kept, absent: "zero" };
}
