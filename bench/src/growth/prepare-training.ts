import {
  gradientBoosting,
  type Interactions,
  implicitAls,
  linearLearner,
  type Table,
  type TableFitContext,
} from "@rondo/learn";
import { generateInteractions } from "./generated-interactions.ts";
import { generateRows } from "./generated-rows.ts";
import type { GrowthAlgorithm } from "./growth-figure.ts";

export interface PreparedTraining {
  readonly dataBytes: number;
  readonly train: (context: TableFitContext) => Promise<unknown>;
}

/** Makes the data of that size, which is not yet training. */
export const prepareTraining: Readonly<Record<GrowthAlgorithm, (rows: number) => PreparedTraining>> = {
  "gradient-boosting"(rows) {
    const train = generateRows(rows);
    const parameters = { objective: "binary:logistic", numRound: 100, learningRate: 0.1, maxDepth: 6 } as const;
    return { dataBytes: tableBytes(train), train: (context) => gradientBoosting.fit(parameters, { train }, context) };
  },
  "linear-learner"(rows) {
    const train = generateRows(rows);
    return { dataBytes: tableBytes(train), train: (context) => linearLearner.fit({}, { train }, context) };
  },
  "implicit-als"(rows) {
    const interactions = generateInteractions(rows);
    const parameters = { factors: 64, iterations: 10 };
    return {
      dataBytes: interactionBytes(interactions),
      train: (context) => implicitAls.fit(parameters, interactions, context),
    };
  },
};

function tableBytes({ features, labels }: Table): number {
  return features.values.byteLength + (labels?.byteLength ?? 0);
}

function interactionBytes({ events, pairs }: Interactions): number {
  const { starts, columnIndexes, values } = pairs;
  const arrays = [...Object.values<ArrayBufferView>({ ...events }), starts, columnIndexes, values];
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
