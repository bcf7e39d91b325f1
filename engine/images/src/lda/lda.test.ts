import assert from "node:assert/strict";
import { testImage } from "../testing/image-suite.ts";
import { ldaImage } from "./lda.ts";

/** Documents of 20 words, most from the first or the last three words of the vocabulary. */
function documents(count: number): string {
  return Array.from({ length: count }, (_, row) => {
    const [first, last] = row % 2 === 0 ? [16, 4] : [4, 16];
    const spread = (total: number, shift: number): number[] => {
      const a = (row * 7 + shift) % (total + 1);
      const b = (row * 5 + shift) % (total - a + 1);
      return [a, b, total - a - b];
    };
    return `${[...spread(first, 0), ...spread(last, 3)].join(",")}\n`;
  }).join("");
}

testImage({
  image: ldaImage,
  trainingContentType: "text/csv",
  hyperparameters: { num_topics: "2", feature_dim: "6", mini_batch_size: "200", max_iterations: "50" },
  channels: { train: { "documents.csv": documents(200) }, test: { "documents.csv": documents(40) } },
  endless: { max_iterations: "1000000", tol: "1e-300" },
  hasBegun: /#progress_metric/,
  request: {
    body: '{"instances":[{"features":[5,5,5,0,0,0]},{"features":[0,0,0,5,5,5]}]}',
    contentType: "application/json",
  },
  check: (body) => {
    const [first, last] = JSON.parse(body).predictions.map(
      ({ topic_mixture }: { topic_mixture: number[] }) => topic_mixture,
    );
    const topic = first.indexOf(Math.max(...first));
    assert.ok(first[topic] > 0.7 && last[topic] < 0.3, body);
  },
  malformed: '{"instances":[{"features":[-1,0,0,0,0,0]}]}',
});
