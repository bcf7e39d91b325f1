import { type EncodedModel, FormatError } from "../../algorithm.ts";
import { type ParameterValues, resolveParameters } from "../../parameters.ts";
import type { Table, TableData } from "../../table/table.ts";
import type { MetricValue, TableAlgorithm, TableFitContext } from "../../table/table-algorithm.ts";
import { decodeXgboostModel, encodeXgboostModel } from "../formats/xgboost-model-file.ts";
import { gradientBoostingParameters } from "../gradient-boosting-parameters.ts";
import type { EvaluationMetric } from "../metrics/metric.ts";
import { createObjective } from "../objectives/find-objective.ts";
import type { Objective } from "../objectives/objective.ts";
import { linearMargins, predictBooster } from "../prediction/predict-booster.ts";
import { createRecentStates } from "../training/recent-states.ts";
import { startScores } from "../training/start-scores.ts";
import { checkTable, findMetrics, runRounds } from "../training/train-boosting.ts";
import type { LinearBooster } from "../tree-ensemble.ts";
import { columnEntries } from "./column-entries.ts";
import { type CoordinateDescent, descendCoordinates } from "./coordinate-descent.ts";
import { linearBoostingParameters } from "./linear-boosting-parameters.ts";

/**
 * XGBoost's booster `gblinear`: a generalised linear model by coordinate descent, under the same losses and metrics as trees. Deterministic, unlike XGBoost's own default `shotgun`: it learns what XGBoost
 * learns with `updater=coord_descent`. Missing values count as 0.
 */
export const linearBoosting: TableAlgorithm<typeof linearBoostingParameters, LinearBooster> = {
  id: "linear-boosting",
  parameters: linearBoostingParameters,
  fit: async (parameters, data, context) =>
    train(resolveParameters(linearBoostingParameters, parameters), data, context),
  predict: predictBooster,
  encode: (model) => encodeXgboostModel(model, "ubjson"),
  decode: decodeLinear,
};

async function decodeLinear(file: EncodedModel): Promise<LinearBooster> {
  const model = await decodeXgboostModel(file);
  if (model.booster !== "gblinear") throw new FormatError("The file holds trees, not a linear booster (gblinear).");
  return model;
}

async function train(
  linear: ParameterValues<typeof linearBoostingParameters>,
  data: TableData,
  context: TableFitContext,
): Promise<LinearBooster> {
  context.signal?.throwIfAborted();
  const parameters = resolveParameters(gradientBoostingParameters, { ...linear });
  const objective = createObjective(parameters, context.seed);
  const metrics = findMetrics(parameters, objective);
  for (const table of [data.train, ...(data.evaluated ?? []).map((entry) => entry.table)])
    checkTable(table, data.train);
  objective.check(data.train);
  const { features, names } = data.train;
  const baseScores = startScores(parameters, objective, data.train);
  const start: LinearBooster = {
    booster: "gblinear",
    objective: objective.name,
    objectiveParameters: objective.modelParameters,
    outputs: objective.outputs,
    // XGBoost starts all outputs of gblinear from the first score of the file.
    baseScores: objective.outputs > 1 ? [0] : baseScores,
    columns: features.columns,
    ...(names === undefined ? {} : { names }),
    weights: new Float32Array((features.columns + 1) * objective.outputs),
    attributes: {},
  };
  const rounds = createLinearRounds(start, {
    descent: planDescent(linear, data.train, objective),
    objective,
    train: data.train,
    context,
    patience: parameters.earlyStoppingRounds,
  });
  const judge = (): readonly MetricValue[] => judgeTables(rounds.model(), { data, objective, metrics });
  const attributes = await runRounds({ parameters, data, context, metrics }, rounds, judge);
  return { ...rounds.model(), attributes };
}

function planDescent(
  { learningRate, lambda, alpha }: ParameterValues<typeof linearBoostingParameters>,
  { features, weights }: Table,
  { outputs }: Objective,
): CoordinateDescent {
  const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? features.rows;
  return {
    entries: columnEntries(features),
    columns: features.columns,
    outputs,
    rows: features.rows,
    learningRate,
    lambda: lambda * total,
    alpha: alpha * total,
  };
}

interface LinearRoundsOptions {
  readonly descent: CoordinateDescent;
  readonly objective: Objective;
  readonly train: Table;
  readonly context: TableFitContext;
  /** The best round is at most so many rounds ago. */
  readonly patience: number;
}

/** What `runRounds` drives, and the model as it stands. */
function createLinearRounds(
  start: LinearBooster,
  { descent, objective, train: table, context, patience }: LinearRoundsOptions,
) {
  const { rows, outputs } = descent;
  const gradients = { first: new Float32Array(rows * outputs), second: new Float32Array(rows * outputs) };
  let count = 0;
  const recent = createRecentStates(start.weights, patience);
  const model = (): LinearBooster => ({ ...start, weights: recent.latest });
  return {
    model,
    get count() {
      return count;
    },
    async boost() {
      const { values } = linearMargins(model(), table.features);
      objective.gradients(byOutput(values, outputs), table, gradients, count);
      const weights = model().weights.slice();
      await descendCoordinates(weights, gradients, descent, context.signal);
      recent.push(weights);
      count += 1;
    },
    keep(rounds: number) {
      recent.goBack(count - rounds);
      count = Math.min(count, rounds);
    },
  };
}

/** From row after row to output after output. */
function byOutput(margins: Float32Array, outputs: number): Float32Array {
  if (outputs === 1) return margins;
  const rows = margins.length / outputs;
  return Float32Array.from(margins, (_, index) => margins[(index % rows) * outputs + Math.floor(index / rows)]);
}

interface Judging {
  readonly data: TableData;
  readonly objective: Objective;
  readonly metrics: readonly EvaluationMetric[];
}

function judgeTables(model: LinearBooster, { data, objective, metrics }: Judging): readonly MetricValue[] {
  return (data.evaluated ?? []).flatMap(({ name, table }) => {
    const { rows, values: margins } = linearMargins(model, table.features);
    const values = (objective.transformForMetrics ?? objective.transform)(margins);
    const predictions = { rows, width: rows === 0 ? objective.outputs : values.length / rows, values };
    return metrics.map((metric) => ({
      dataset: name,
      metric: metric.name,
      value: metric.evaluate(predictions, table),
    }));
  });
}
