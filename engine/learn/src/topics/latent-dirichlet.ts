import { DataError, FormatError } from "../algorithm.ts";
import { decodeArrays, encodeArrays } from "../arrays-file.ts";
import { readModelHeader } from "../model-header.ts";
import { type ParameterTable, resolveParameters } from "../parameters.ts";
import { createRandom } from "../random.ts";
import { requireColumns, requireCompleteRows } from "../table/complete-rows.ts";
import type { TableAlgorithm } from "../table/table-algorithm.ts";
import { toDocumentWords } from "./document-words.ts";
import { inferMixture, type Topics } from "./topic-inference.ts";
import { learnTopics } from "./topic-training.ts";

export const latentDirichletParameters = {
  topics: { type: "integer", minimum: 1, maximum: 10_000, default: 10 },
  /** The sum of the prior's numbers for mixtures: less makes mixtures of fewer topics. */
  concentration: { type: "continuous", minimum: 0, maximum: 1e6, exclusiveMinimum: true, default: 1 },
  wordPrior: { type: "continuous", minimum: 0, maximum: 1e3, exclusiveMinimum: true, default: 0.05 },
  /** Starts that are tried on a sample of the documents. */
  restarts: { type: "integer", minimum: 1, maximum: 10_000, default: 10 },
  maximumIterations: { type: "integer", minimum: 1, maximum: 1_000_000, default: 200 },
  /** Ends when the log-likelihood per word changes by at most this share. */
  tolerance: { type: "continuous", minimum: 0, maximum: 1, default: 1e-5 },
} as const satisfies ParameterTable;

const FORMAT = "rondo-latent-dirichlet-1";

/**
 * Latent Dirichlet allocation (Blei, Ng and Jordan 2003): documents, given as counts of words, mix topics, which are distributions over words.
 * Learned by expectation maximisation with the fixed points of CVB0 (see topic-training.ts). Predicts a document's mixture: one share
 * for each topic, together 1. A missing or negative count is refused.
 */
export const latentDirichlet: TableAlgorithm<typeof latentDirichletParameters, Topics> = {
  id: "latent-dirichlet",
  parameters: latentDirichletParameters,
  async fit(parameters, { train }, context) {
    const values = resolveParameters(latentDirichletParameters, parameters);
    requireCompleteRows(train, "LDA");
    const documents = toDocumentWords(train.features);
    if (documents.words.length === 0) throw new DataError("No document has a word: all counts are 0.");
    return learnTopics(documents, values, createRandom(context.seed), context);
  },
  predict(model, features) {
    requireColumns(features, model.vocabulary);
    const documents = toDocumentWords(features);
    const { topics: width } = model;
    const values = new Float32Array(documents.documents * width);
    for (let document = 0; document < documents.documents; document++) {
      const span = [documents.starts[document], documents.starts[document + 1]] as const;
      values.set(inferMixture(model, documents, span), document * width);
    }
    return { rows: documents.documents, width, values };
  },
  encode: ({ topics, vocabulary, wordProbabilities, prior }) =>
    encodeArrays({ format: FORMAT, topics, vocabulary }, { prior, wordProbabilities }),
  async decode(file) {
    const { header, take } = await decodeArrays(file, FORMAT);
    const settings = readModelHeader(header);
    const topics = settings.integer("topics", 1, 10_000);
    const vocabulary = settings.integer("vocabulary", 1);
    const prior = take("prior", Float64Array, topics);
    if (!prior.every((value) => value > 0 && value < Number.POSITIVE_INFINITY))
      throw new FormatError("The prior of the model is not above 0.");
    const wordProbabilities = take("wordProbabilities", Float32Array, topics * vocabulary);
    if (!wordProbabilities.every((value) => value >= 0 && value <= 1)) {
      throw new FormatError("A word of the model has a probability that is none.");
    }
    return { topics, vocabulary, prior, wordProbabilities };
  },
};
