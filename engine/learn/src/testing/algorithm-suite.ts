import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Algorithm, DataError, type FitContext } from "../algorithm.ts";
import type { ParameterTable, ParameterValues } from "../parameters.ts";
import { assertCutFilesAreRefused, testEnding, testParameterRanges, throughItsFile } from "./contract-cases.ts";

/** What the contract suite needs to know of an algorithm: problems to give it. */
export interface AlgorithmScenario<Table extends ParameterTable, Data, Model, Input, Prediction> {
  readonly algorithm: Algorithm<Table, Data, Model, Input, Prediction>;
  /** Parameters that suit the problem. */
  readonly parameters: Partial<ParameterValues<Table>>;
  /** A synthetic problem whose right answer is known; made anew at each call. */
  readonly data: () => Data;
  readonly inputs: readonly Input[];
  /** Asserts the right answers. */
  readonly check: (predictions: readonly Prediction[]) => void;
  /** Data without a row: refused with a DataError. */
  readonly empty: () => Data;
  /** Data of one row, and data with missing values: learned from without an error. */
  readonly oneRow: () => Data;
  readonly missingValues: () => Data;
  /** Parameters with which fitting `data` would take minutes. */
  readonly endless: Partial<ParameterValues<Table>>;
}

const context: FitContext = { seed: 1, threads: 1 };

/** The contract that every algorithm keeps. Call it in the algorithm's own test file. */
export function testAlgorithm<Table extends ParameterTable, Data, Model, Input, Prediction>(
  scenario: AlgorithmScenario<Table, Data, Model, Input, Prediction>,
): void {
  const { algorithm, parameters, data, inputs, check } = scenario;
  const encode = (model: Model): Buffer => Buffer.concat([...algorithm.encode(model)]);
  const fitData = (given: Data): Promise<Model> => algorithm.fit(parameters, given, context);

  describe(`${algorithm.id}: algorithm contract`, () => {
    test("a problem whose answer is known", async () => {
      check(algorithm.predict(await fitData(data()), inputs));
    });

    test("same seed, same bytes", async () => {
      const [first, second] = [encode(await fitData(data())), encode(await fitData(data()))];
      assert.equal(Buffer.compare(first, second), 0);
    });

    test("batch prediction = single predictions", async () => {
      const model = await fitData(data());
      const single = inputs.flatMap((input) => algorithm.predict(model, [input]));
      assert.deepEqual(algorithm.predict(model, inputs), single);
    });

    test("encode → decode → same predictions and bytes, however the file is cut", async () => {
      const model = await fitData(data());
      const decoded = await throughItsFile(algorithm, model);
      assert.deepEqual(algorithm.predict(decoded, inputs), algorithm.predict(model, inputs));
    });

    test("a file that is cut off or damaged is refused", async () => {
      await assertCutFilesAreRefused(algorithm, await fitData(data()));
    });

    testParameterRanges(algorithm.parameters, (values) => algorithm.fit({ ...parameters, ...values }, data(), context));

    test("empty data is refused with a message", async () => {
      await assert.rejects(fitData(scenario.empty()), (error) => error instanceof DataError && error.message !== "");
    });

    test("one row, and missing values", async () => {
      assert.equal(algorithm.predict(await fitData(scenario.oneRow()), inputs).length, inputs.length);
      assert.equal(algorithm.predict(await fitData(scenario.missingValues()), inputs).length, inputs.length);
    });

    test("no input, no prediction", async () => {
      assert.deepEqual(algorithm.predict(await fitData(data()), []), []);
    });

    testEnding(
      (ending) => algorithm.fit(scenario.endless, data(), ending),
      (model) => assert.equal(algorithm.predict(model, inputs).length, inputs.length),
    );
  });
}
