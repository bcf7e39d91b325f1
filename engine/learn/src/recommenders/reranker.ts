import { setImmediate } from "node:timers/promises";
import { DataError, type EncodedModel, FormatError } from "../algorithm.ts";
import { resolveParameters } from "../parameters.ts";
import type { Table } from "../table/table.ts";
import type { TableFitContext } from "../table/table-algorithm.ts";
import { gradientBoosting } from "../trees/gradient-boosting.ts";
import { predictMargins } from "../trees/prediction/predict-ensemble.ts";
import type { TreeEnsemble } from "../trees/tree-ensemble.ts";
import {
  type BlendComponent,
  decodeComponents,
  encodeComponents,
  type FittedComponent,
  fitComponents,
} from "./blend-components.ts";
import { candidateColumns, countFacts, describeCandidates, FACTS, type ItemFacts } from "./candidate-features.ts";
import { type CandidateLimits, gatherCandidates } from "./candidates.ts";
import { type HeldOut, holdOut } from "./hold-out.ts";
import { requireEvents } from "./interactions.ts";
import { requireItems } from "./item-weights.ts";
import { decodeStoredModel, encodeStoredModel } from "./model-file.ts";
import type { Recommender, Scorer } from "./recommender.ts";

export const rerankerParameters = {
  /** What the order is learned on; see `holdOut`. */
  heldOut: { type: "categorical", values: ["last-event", "random-event", "last-period"], default: "last-event" },
  periodDays: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1e6, default: 30 },
  /** `history`: the list is of items that the user does not know. */
  exclude: { type: "categorical", values: ["history", "none"], default: "history" },
  /** Users at most from whom the order is learned, and items of each component. */
  trainingUsers: { type: "integer", minimum: 1, maximum: 1_000_000, default: 10_000 },
  candidates: { type: "integer", minimum: 10, maximum: 10_000, default: 50 },
  /** Of the trees; they end earlier where NDCG@10 of a fifth of the users gets no better. */
  rounds: { type: "integer", minimum: 1, maximum: 100_000, default: 300 },
  learningRate: { type: "continuous", minimum: 0, exclusiveMinimum: true, maximum: 1, default: 0.05 },
  maxDepth: { type: "integer", minimum: 1, maximum: 16, default: 5 },
} as const;

/** Algorithms that propose items, and trees that order them. */
export interface Reranker extends CandidateLimits {
  readonly components: readonly FittedComponent[];
  readonly facts: ItemFacts;
  readonly trees: TreeEnsemble;
}

/** Every so many-th user judges when the trees are enough. */
const JUDGES = 5;
const PATIENCE = 30;
/** By this share of their mean score the components order what the trees hold equal. */
const TIE = 1e-4;

/**
 * Two stages: each component proposes its best items, and LambdaMART (Burges 2010, "From RankNet to LambdaRank to LambdaMART") orders them by the components' scores and
 * places, by what is known of the item, and by the user's history. The order is learned on what is held out of the training data; then every component learns from all of them.
 */
export function createReranker(
  components: readonly BlendComponent[],
): Recommender<typeof rerankerParameters, Reranker> {
  const kind = `re-ranking of ${components.map(({ id }) => id).join(", ")}`;
  return {
    id: "reranker",
    parameters: rerankerParameters,
    async fit(parameters, interactions, context) {
      const resolved = resolveParameters(rerankerParameters, parameters);
      requireEvents(interactions);
      context.signal?.throwIfAborted();
      const steps = 2 * components.length + 1;
      const report = (done: number): void =>
        context.onProgress?.({ fraction: done / steps, iteration: done, metrics: [] });
      const { onProgress: _, ...quiet } = context;
      const held = holdOut(interactions, { ...resolved, seed: context.seed });
      const trials = await fitComponents(components, held.known, { ...quiet, onFitted: report });
      const { candidates, exclude } = resolved;
      const scorers = trials.map((trial) => trial.open());
      const tables = await describeHeldOut(scorers, held, { ...resolved, users: resolved.trainingUsers }, quiet);
      const trees = await learnOrder(tables, resolved, quiet);
      report(components.length + 1);
      const onFitted = (done: number): void => report(components.length + 1 + done);
      const fitted = await fitComponents(components, interactions, { ...quiet, onFitted });
      return { components: fitted, facts: countFacts(interactions), trees, candidates, exclude };
    },
    open: openReranker,
    encode: (model) => encodeReranker(kind, model),
    decode: (file) => decodeReranker(kind, components, file),
  };
}

/** Candidates of users, one group each, the relevant ones labelled 1. */
type Learned = Required<Pick<Table, "features" | "labels" | "groups">>;

async function describeHeldOut(
  scorers: readonly Scorer[],
  { known, relevant }: HeldOut,
  limits: CandidateLimits & { readonly users: number },
  { signal }: TableFitContext,
): Promise<{ readonly train: Learned; readonly validation: Learned | undefined }> {
  const facts = countFacts(known);
  const algorithms = scorers.length;
  const judged = relevant.flatMap(({ length }, user) => (length > 0 ? [user] : []));
  const step = Math.max(1, judged.length / limits.users);
  const groups: { readonly features: Float32Array; readonly labels: Float32Array }[] = [];
  for (let index = 0; index < judged.length; index += step) {
    const user = judged[Math.floor(index)];
    const found = gatherCandidates(scorers, known, user, limits);
    const wanted = new Set(relevant[user]);
    const labels = Float32Array.from(found.items, (item) => Number(wanted.has(item)));
    // Where nothing relevant was proposed, or nothing else, there is no order to learn.
    if (labels.includes(1) && labels.includes(0)) {
      groups.push({ features: describeCandidates(found, facts, { histories: known, user, algorithms }), labels });
    }
    await setImmediate();
    signal?.throwIfAborted();
  }
  const validation = groups.filter((_, index) => index % JUDGES === JUDGES - 1);
  const train = groups.filter((_, index) => index % JUDGES < JUDGES - 1);
  const columns = candidateColumns(algorithms);
  return { train: join(train, columns), validation: validation.length > 0 ? join(validation, columns) : undefined };
}

function join(
  parts: readonly { readonly features: Float32Array; readonly labels: Float32Array }[],
  columns: number,
): Learned {
  const rows = parts.reduce((sum, { labels }) => sum + labels.length, 0);
  if (rows === 0) {
    throw new DataError("None of the algorithms proposes anything of what was held out; there is no order to learn.");
  }
  const values = new Float32Array(new SharedArrayBuffer(rows * columns * 4));
  const [labels, groups] = [new Float32Array(rows), new Uint32Array(rows)];
  let row = 0;
  for (const [group, part] of parts.entries()) {
    values.set(part.features, row * columns);
    labels.set(part.labels, row);
    groups.fill(group, row, row + part.labels.length);
    row += part.labels.length;
  }
  return { features: { kind: "dense", rows, columns, values }, labels, groups };
}

async function learnOrder(
  { train, validation }: { readonly train: Learned; readonly validation: Learned | undefined },
  {
    rounds,
    learningRate,
    maxDepth,
  }: { readonly rounds: number; readonly learningRate: number; readonly maxDepth: number },
  context: TableFitContext,
): Promise<TreeEnsemble> {
  const parameters = {
    objective: "rank:ndcg",
    numRound: rounds,
    learningRate,
    maxDepth,
    evalMetric: "ndcg@10",
  } as const;
  if (validation === undefined) return await gradientBoosting.fit(parameters, { train }, context);
  const evaluated = [{ name: "validation", table: validation }];
  return await gradientBoosting.fit({ ...parameters, earlyStoppingRounds: PATIENCE }, { train, evaluated }, context);
}

function openReranker({ components, facts, trees, candidates, exclude }: Reranker): Scorer {
  const { items } = facts;
  const scorers = components.map((component) => component.open());
  const algorithms = scorers.length;
  const columns = candidateColumns(algorithms);
  const scores = new Float32Array(items);
  return {
    items,
    score(histories, user) {
      requireItems(histories, items);
      const found = gatherCandidates(scorers, histories, user, { candidates, exclude });
      const values = describeCandidates(found, facts, { histories, user, algorithms });
      const rows = found.items.length;
      const margins = predictMargins(trees, { kind: "dense", rows, columns, values }).values;
      const least = margins.reduce((low, margin) => Math.min(low, margin), Number.POSITIVE_INFINITY);
      // What nobody proposes comes after all that is ordered, the popular first.
      for (let item = 0; item < items; item += 1) scores[item] = facts.values[item * FACTS] * TIE * TIE - 1;
      for (const [place, item] of found.items.entries()) {
        let sum = 0;
        for (let at = place * algorithms; at < (place + 1) * algorithms; at += 1) sum += found.scores[at];
        scores[item] = margins[place] - least + TIE * (1 + sum / algorithms);
      }
      return scores;
    },
  };
}

function encodeReranker(
  kind: string,
  { components, facts, trees, candidates, exclude }: Reranker,
): Iterable<Uint8Array> {
  const forest = new Uint8Array(Buffer.concat([...gradientBoosting.encode(trees)]));
  return encodeStoredModel({
    kind,
    fields: { items: facts.items, candidates, exclude },
    arrays: { facts: Float32Array.from(facts.values, finiteOr), trees: forest, ...encodeComponents(components) },
  });
}

/** In a file, what never happened is −1; no logarithm of 1 and more is. */
const NEVER = -1;
const finiteOr = (value: number): number => (Number.isFinite(value) ? value : NEVER);

async function decodeReranker(
  kind: string,
  components: readonly BlendComponent[],
  file: EncodedModel,
): Promise<Reranker> {
  const stored = await decodeStoredModel(file, kind);
  const exclude = stored.word("exclude", ["history", "none"]);
  const items = stored.integer("items", 1);
  const forest = stored.bytes("trees");
  const trees = await gradientBoosting.decode({ chunks: [forest], byteLength: forest.length });
  if (trees.columns !== candidateColumns(components.length))
    throw new FormatError("The model file's trees are damaged.");
  return {
    components: await decodeComponents(components, stored),
    facts: {
      items,
      values: stored.floats("facts", items * FACTS).map((value) => (value === NEVER ? Number.NaN : value)),
    },
    trees,
    candidates: stored.integer("candidates", 1),
    exclude,
  };
}
