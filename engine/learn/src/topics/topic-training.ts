import { setImmediate } from "node:timers/promises";
import { type Random, sampleIndexes } from "../random.ts";
import type { TableFitContext } from "../table/table-algorithm.ts";
import { type DocumentWords, takeDocuments } from "./document-words.ts";
import type { Topics } from "./topic-inference.ts";

export interface TopicOptions {
  readonly topics: number;
  /** The sum of the prior's numbers for mixtures. */
  readonly concentration: number;
  /** Of each topic's words. */
  readonly wordPrior: number;
  readonly restarts: number;
  readonly maximumIterations: number;
  readonly tolerance: number;
}

/** Multiplications between two looks at the signals. */
const PRODUCTS_PER_TURN = 2 ** 24;
/** A start is judged on so many documents by so many iterations. */
const TRIAL_DOCUMENTS = 2000;
const TRIAL_ITERATIONS = 15;
/** Documents that a topic starts from. */
const SEED_DOCUMENTS = 5;

/** The likeliest of several starts, judged on a sample, followed over all documents. */
export async function learnTopics(
  documents: DocumentWords,
  options: TopicOptions,
  random: Random,
  context: TableFitContext,
): Promise<Topics> {
  const sample = takeDocuments(documents, sampleIndexes(documents.documents, TRIAL_DOCUMENTS, random));
  let best: { readonly topics: Topics; readonly likelihood: number } | undefined;
  for (let restart = 0; restart < options.restarts && options.restarts > 1; restart++) {
    const limits = { ...options, maximumIterations: TRIAL_ITERATIONS };
    const seeds = await seedTopics(sample, options, { random, signal: context.signal });
    const learned = await iterate(sample, seeds, limits, { signal: context.signal });
    if (best === undefined || learned.likelihood > best.likelihood) best = learned;
    if (context.stop?.aborted) break;
  }
  const start = best?.topics ?? (await seedTopics(documents, options, { random, signal: context.signal }));
  return (await iterate(documents, start, options, context)).topics;
}

/** Topics that start from some documents each, over a little of every word. */
async function seedTopics(
  documents: DocumentWords,
  options: TopicOptions,
  { random, signal }: { readonly random: Random; readonly signal: AbortSignal | undefined },
): Promise<Topics> {
  const { topics: count } = options;
  const { vocabulary, starts, words, counts } = documents;
  const sums = new Float64Array(vocabulary * count);
  for (let topic = 0; topic < count; topic++) {
    for (let seed = 0; seed < SEED_DOCUMENTS; seed++) {
      const document = random.below(documents.documents);
      for (let entry = starts[document]; entry < starts[document + 1]; entry++) {
        sums[words[entry] * count + topic] += counts[entry];
      }
    }
  }
  const total = counts.reduce((sum, value) => sum + value, 0);
  // As much of every word as of the seeds together, so that no word is out of a topic's reach.
  for (let entry = 0; entry < words.length; entry++) {
    const share = (counts[entry] / total) * SEED_DOCUMENTS * (total / documents.documents);
    for (let topic = 0; topic < count; topic++) sums[words[entry] * count + topic] += share * (0.5 + random.uniform());
    if ((entry * count) % PRODUCTS_PER_TURN < PRODUCTS_PER_TURN - count) continue;
    await setImmediate();
    signal?.throwIfAborted();
  }
  return toTopics(sums, documents, options);
}

type Limits = Pick<TableFitContext, "signal"> & Partial<Pick<TableFitContext, "stop" | "onProgress">>;

/**
 * Expectation maximisation of the mixtures and topics together: each word's count is divided among the topics by θ · φ, and the
 * sums are the next θ and φ after adding the priors. These are the fixed points of collapsed variational inference (CVB0) without the
 * word's own count (Asuncion, Welling, Smyth and Teh 2009, equation 10 against 9), and keep a sum for each document instead of
 * one for each word of each document.
 */
async function iterate(
  documents: DocumentWords,
  start: Topics,
  options: TopicOptions,
  { signal, stop, onProgress }: Limits,
): Promise<{ readonly topics: Topics; readonly likelihood: number }> {
  const { topics: count, maximumIterations, tolerance } = options;
  const total = documents.counts.reduce((sum, value) => sum + value, 0);
  const mixtures = new Float64Array(documents.documents * count).fill(1);
  let topics = start;
  let likelihood = Number.NEGATIVE_INFINITY;
  for (let iteration = 1; iteration <= maximumIterations; iteration++) {
    const sums = new Float64Array(documents.vocabulary * count);
    let logarithms = 0;
    let products = 0;
    for (let document = 0; document < documents.documents; document++) {
      logarithms += divideWords(documents, document, { topics, mixtures, sums });
      products += (documents.starts[document + 1] - documents.starts[document]) * count;
      if (products < PRODUCTS_PER_TURN) continue;
      products = 0;
      await setImmediate();
      signal?.throwIfAborted();
      // What is not finished of an iteration is left out.
      if (stop?.aborted) return { topics, likelihood };
    }
    topics = toTopics(sums, documents, options);
    const before = likelihood;
    likelihood = logarithms / total;
    const metric = { dataset: "train", metric: "log_likelihood_per_word", value: likelihood };
    onProgress?.({ fraction: iteration / maximumIterations, iteration, metrics: [metric] });
    await setImmediate();
    signal?.throwIfAborted();
    if (stop?.aborted || Math.abs(likelihood - before) <= tolerance * Math.abs(likelihood)) break;
  }
  return { topics, likelihood };
}

interface Work {
  readonly topics: Topics;
  /** [document][topic]: in proportion to its mixture. */
  readonly mixtures: Float64Array;
  /** [word][topic]: the counts divided so far. */
  readonly sums: Float64Array;
}

/** Divides a document's words among the topics and makes its next mixture; returns their log-likelihood. */
function divideWords(documents: DocumentWords, document: number, { topics, mixtures, sums }: Work): number {
  const { topics: count, prior, wordProbabilities } = topics;
  const { starts, words, counts } = documents;
  const mixture = mixtures.subarray(document * count, (document + 1) * count);
  const total = mixture.reduce((sum, value) => sum + value, 0);
  const next = prior.slice();
  const shares = new Float64Array(count);
  let logarithms = 0;
  for (let entry = starts[document]; entry < starts[document + 1]; entry++) {
    const place = words[entry] * count;
    let probability = 0;
    for (let topic = 0; topic < count; topic++) {
      shares[topic] = mixture[topic] * wordProbabilities[place + topic];
      probability += shares[topic];
    }
    if (probability === 0) continue;
    const scale = counts[entry] / probability;
    for (let topic = 0; topic < count; topic++) {
      const share = shares[topic] * scale;
      next[topic] += share;
      sums[place + topic] += share;
    }
    logarithms += counts[entry] * Math.log(probability / total);
  }
  mixture.set(next);
  return logarithms;
}

/** Probabilities out of sums; the prior of the mixtures follows the topics' shares (Wallach, Mimno and McCallum 2009). */
function toTopics(sums: Float64Array, { vocabulary }: DocumentWords, options: TopicOptions): Topics {
  const { topics, wordPrior, concentration } = options;
  const totals = new Float64Array(topics);
  for (let place = 0; place < sums.length; place++) totals[place % topics] += sums[place];
  const wordProbabilities = Float32Array.from(sums, (sum, place) => {
    return (sum + wordPrior) / (totals[place % topics] + wordPrior * vocabulary);
  });
  const all = totals.reduce((sum, value) => sum + value, 0);
  const prior = totals.map((total) => (concentration * (total + 1)) / (all + topics));
  return { topics, vocabulary, wordProbabilities, prior };
}
