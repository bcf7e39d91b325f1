import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluateSimilarity } from "./word-similarity.ts";
import { wordVectors } from "./word-vectors.ts";

test("cosines are ranked beside judgements, over the pairs whose words are known", async () => {
  const text = "sun moon star sun moon star\nrain snow hail rain snow hail\n".repeat(300);
  const parameters = { vectorDim: 8, minCount: 1, epochs: 10, samplingThreshold: 1 };
  const model = await wordVectors.fit(parameters, { train: [Buffer.from(text)] }, { seed: 0, threads: 1 });
  const near = { first: "sun", second: "moon", judgement: 9 };
  const far = { first: "sun", second: "snow", judgement: 1 };
  const same = { first: "star", second: "star", judgement: 10 };
  const unknown = { first: "sun", second: "volcano", judgement: 5 };
  assert.deepEqual(evaluateSimilarity(model, [near, far, unknown, same]), { rho: 1, pairs: 4, notFound: 1 });
  const contrary = [
    { ...near, judgement: 0 },
    { ...far, judgement: 5 },
    { ...same, judgement: -1 },
  ];
  assert.equal(evaluateSimilarity(model, contrary).rho, -1);
});
