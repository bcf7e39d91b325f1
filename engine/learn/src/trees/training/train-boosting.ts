import { setImmediate } from "node:timers/promises";
import { type BoostingKernel, type EvaluatedMargins, startBoosting } from "@rondo/kernels";
import { DataError } from "../../algorithm.ts";
import type { Table, TableData } from "../../table/table.ts";
import type { MetricValue, TableFitContext } from "../../table/table-algorithm.ts";
import type { GradientBoostingParameters } from "../gradient-boosting-parameters.ts";
import { findMetric } from "../metrics/find-metric.ts";
import type { EvaluationMetric } from "../metrics/metric.ts";
import { createObjective } from "../objectives/find-objective.ts";
import type { Objective } from "../objectives/objective.ts";
import type { TreeEnsemble } from "../tree-ensemble.ts";
import { binCategories } from "./category-bins.ts";
import { createEarlyStopping } from "./early-stopping.ts";
import { createEvaluation, tablesToEvaluate } from "./evaluation.ts";
import { planBoosting } from "./plan-boosting.ts";
import { createRounds, type Rounds } from "./rounds.ts";
import { createRowSource } from "./row-source.ts";
import { startScores } from "./start-scores.ts";

/** Trains as `gradientBoosting.fit` says; parameters are resolved. */
export async function trainBoosting(
  parameters: GradientBoostingParameters,
  data: TableData,
  context: TableFitContext,
): Promise<TreeEnsemble> {
  context.signal?.throwIfAborted();
  const objective = createObjective(parameters, context.seed);
  const metrics = findMetrics(parameters, objective);
  for (const table of [data.train, ...(data.evaluated ?? []).map((entry) => entry.table)])
    checkTable(table, data.train);
  objective.check(data.train);
  checkEvaluated(objective, data);
  const { features, labels = new Float32Array(features.rows), weights } = data.train;
  const baseScores = startScores(parameters, objective, data.train);
  const tables = tablesToEvaluate(data);
  const categories = binCategories(data.train, parameters.maxCatToOnehot);
  const subject = {
    rows: features.rows,
    columns: features.columns,
    hasWeights: weights !== undefined,
    objective,
    categories,
    evaluated: tables.map((table) => ({ rows: table.features.rows, hasWeights: table.weights !== undefined })),
  };
  const plan = planBoosting(parameters, subject, context);
  const source = createRowSource(features);
  const given = { source, categories, labels, weights, evaluated: tables.map(labelsOf), signal: context.signal };
  using kernel = await startKernel(() => startBoosting(plan.shape, plan.settings, given));
  const baseMargins = Array.from({ length: objective.outputs }, (_, output) =>
    objective.toMargin(baseScores[output] ?? baseScores[0] ?? 0),
  );
  for (const place of [kernel, ...kernel.evaluated]) fillMargins(place, baseMargins);
  const evaluation = createEvaluation({ data, objective, metrics, kernel });
  const rounds = createRounds({
    parameters,
    objective,
    kernel,
    plan,
    categories,
    evaluation,
    data,
    baseMargins,
    context,
  });
  const attributes = await runRounds({ parameters, data, context, metrics }, rounds, () => evaluation.judge());
  const { names } = data.train;
  return {
    booster: parameters.booster as TreeEnsemble["booster"],
    objective: objective.name,
    objectiveParameters: objective.modelParameters,
    outputs: objective.outputs,
    baseScores,
    columns: features.columns,
    ...(names === undefined ? {} : { names }),
    ...(categories.length === 0 ? {} : { types: columnTypes(features.columns, categories) }),
    ...rounds.result(),
    attributes,
  };
}

interface Run {
  readonly parameters: GradientBoostingParameters;
  readonly data: TableData;
  readonly context: TableFitContext;
  readonly metrics: readonly EvaluationMetric[];
}

/** Boosts until all rounds are done, the last figure stands still, or training is to stop; the model's attributes. */
export async function runRounds(
  { parameters, data, context, metrics }: Run,
  rounds: Pick<Rounds, "count" | "boost" | "keep">,
  judge: () => readonly MetricValue[] | Promise<readonly MetricValue[]>,
): Promise<Readonly<Record<string, string>>> {
  const { numRound, earlyStoppingRounds } = parameters;
  const isJudged = (data.evaluated ?? []).length > 0;
  const stopping = createEarlyStopping(earlyStoppingRounds, metrics.at(-1)?.isBetterWhenHigher ?? false);
  let isOver = false;
  while (!isOver && rounds.count < numRound && !context.stop?.aborted) {
    await rounds.boost(isJudged ? 1 : numRound - rounds.count);
    const figures = isJudged ? await judge() : [];
    const last = figures.at(-1);
    isOver = last !== undefined && stopping.observe(last.value);
    context.onProgress?.({ fraction: rounds.count / numRound, iteration: rounds.count, metrics: figures });
    await setImmediate();
    context.signal?.throwIfAborted();
  }
  if (!isJudged || earlyStoppingRounds === 0 || rounds.count === 0) return {};
  rounds.keep(stopping.bestRound + 1);
  return { best_iteration: String(stopping.bestRound), best_score: String(stopping.bestValue) };
}

/** The metrics of evalMetric, or the objective's own. Throws ParameterError for a name that is none. */
export function findMetrics(parameters: GradientBoostingParameters, objective: Objective): readonly EvaluationMetric[] {
  const { evalMetric, huberSlope, ndcgExpGain, aftLossDistribution, aftLossDistributionScale } = parameters;
  const names = evalMetric === "auto" ? [objective.defaultMetric] : evalMetric.split(",").map((name) => name.trim());
  const settings = {
    objective: objective.name,
    huberSlope,
    exponentialGain: ndcgExpGain,
    aftLossDistribution: aftLossDistribution as "normal" | "logistic" | "extreme",
    aftLossDistributionScale,
  };
  return names.map((name) => findMetric(name, settings));
}

/** Throws DataError for what cannot be learned from or judged by. */
export function checkTable({ features, labels, weights }: Table, train: Table): void {
  const { rows, columns } = features;
  if (rows === 0 || columns === 0)
    throw new DataError(`The table has ${rows} rows and ${columns} columns; boosting needs at least one of each.`);
  if (columns !== train.features.columns) {
    throw new DataError(`An evaluated table has ${columns} columns, the one to train on ${train.features.columns}.`);
  }
  if (labels !== undefined && labels.length !== rows) {
    throw new DataError(`There are ${labels.length} labels for ${rows} rows.`);
  }
  if (weights === undefined) return;
  const wrong = weights.findIndex((weight) => !(weight >= 0 && Number.isFinite(weight)));
  if (weights.length !== rows || wrong >= 0) {
    throw new DataError(
      wrong >= 0
        ? `The weight of row ${wrong + 1} is ${weights[wrong]}.`
        : `There are ${weights.length} weights for ${rows} rows.`,
    );
  }
}

/** A table that is too large is the data's fault. */
async function startKernel(start: () => Promise<BoostingKernel>): Promise<BoostingKernel> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DataError(`The table is too large to be trained on: ${error.message}.`, { cause: error });
  }
}

function labelsOf({ labels, features, weights }: Table) {
  return { labels: labels ?? new Float32Array(features.rows), weights };
}

/** Throws DataError naming the table. */
function checkEvaluated(objective: Objective, { evaluated = [] }: TableData): void {
  for (const { name, table } of evaluated) {
    try {
      objective.check(table);
    } catch (error) {
      throw error instanceof DataError ? new DataError(`The table ${name}: ${error.message}`, { cause: error }) : error;
    }
  }
}

function fillMargins({ margins, rowStride }: EvaluatedMargins, baseMargins: readonly number[]): void {
  for (const [output, margin] of baseMargins.entries())
    margins.fill(margin, output * rowStride, (output + 1) * rowStride);
}

function columnTypes(columns: number, categories: readonly { readonly column: number }[]): readonly string[] {
  const named = new Set(categories.map(({ column }) => column));
  return Array.from({ length: columns }, (_, column) => (named.has(column) ? "c" : "float"));
}
