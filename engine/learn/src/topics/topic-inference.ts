import type { DocumentWords } from "./document-words.ts";

/** What is known of topics: probabilities of words, and the prior of a document's mixture. */
export interface Topics {
  readonly topics: number;
  readonly vocabulary: number;
  /** [word][topic]; each topic's probabilities add up to 1. */
  readonly wordProbabilities: Float32Array;
  /** Of the Dirichlet distribution of mixtures. */
  readonly prior: Float64Array;
}

/** Iterations for a document's mixture, and how far it still moves when that is enough. */
const ITERATIONS = 200;
const TOLERANCE = 1e-5;

/** The mixture of topics of one document's entries; the prior's mean for a document without words. */
export function inferMixture(
  topics: Topics,
  { words, counts }: Pick<DocumentWords, "words" | "counts">,
  [from, to]: readonly [number, number],
): Float64Array {
  const count = topics.topics;
  const mixture = normalized(topics.prior);
  const next = new Float64Array(count);
  for (let iteration = 0; iteration < ITERATIONS && from < to; iteration++) {
    next.set(topics.prior);
    for (let entry = from; entry < to; entry++)
      addShares(topics, mixture, next, { word: words[entry], count: counts[entry] });
    const total = next.reduce((sum, value) => sum + value, 0);
    let moved = 0;
    for (let topic = 0; topic < count; topic++) {
      const value = next[topic] / total;
      moved = Math.max(moved, Math.abs(value - mixture[topic]));
      mixture[topic] = value;
    }
    if (moved < TOLERANCE) break;
  }
  return mixture;
}

/** Adds a word's count to the topics in proportion to how likely each has brought it; returns its probability. */
function addShares(
  { topics, wordProbabilities }: Topics,
  mixture: Float64Array,
  target: Float64Array,
  { word, count }: { readonly word: number; readonly count: number },
): number {
  const start = word * topics;
  let probability = 0;
  for (let topic = 0; topic < topics; topic++) probability += mixture[topic] * wordProbabilities[start + topic];
  if (probability === 0) return 0;
  const scale = count / probability;
  for (let topic = 0; topic < topics; topic++) {
    target[topic] += mixture[topic] * wordProbabilities[start + topic] * scale;
  }
  return probability;
}

/** Of how many words it is the log-likelihood; 0 where no document has two. */
export interface WordsLogLikelihood {
  readonly logLikelihood: number;
  readonly words: number;
}

/**
 * The log-likelihood of every other entry of the documents, after their mixtures were inferred from the rest: how well
 * unseen words are foretold (document completion: Wallach, Murray, Salakhutdinov and Mimno 2009, section 3.1).
 */
export function completionLogLikelihood(
  topics: Topics,
  documents: DocumentWords,
  [from, to]: readonly [number, number] = [0, documents.documents],
): WordsLogLikelihood {
  const { starts, words, counts } = documents;
  let sum = 0;
  let total = 0;
  for (let document = from; document < to; document++) {
    const entries = Array.from(
      { length: starts[document + 1] - starts[document] },
      (_, index) => starts[document] + index,
    );
    const known = entries.filter((_, index) => index % 2 === 0);
    const observed = {
      words: Uint32Array.from(known, (entry) => words[entry]),
      counts: Float32Array.from(known, (entry) => counts[entry]),
    };
    const mixture = inferMixture(topics, observed, [0, known.length]);
    for (const entry of entries) {
      if ((entry - starts[document]) % 2 === 0) continue;
      let probability = 0;
      for (let topic = 0; topic < topics.topics; topic++) {
        probability += mixture[topic] * topics.wordProbabilities[words[entry] * topics.topics + topic];
      }
      sum += counts[entry] * Math.log(probability);
      total += counts[entry];
    }
  }
  return { logLikelihood: sum, words: total };
}

function normalized(values: Float64Array): Float64Array {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / total);
}
