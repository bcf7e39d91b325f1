import {
  contentSimilarity,
  type EncodedModel,
  type Interactions,
  type ItemWeights,
  implicitAls,
  itemItem,
  ownHistory,
  type ParameterTable,
  popularity,
  type Recommender,
  rp3Beta,
  sequential,
  type TableFitContext,
  trending,
} from "@rondo/learn";
import { openWeights, type PartScorer } from "./open-weight-sums.ts";
import { popularEase } from "./popular-ease.ts";

/** The algorithms that stand behind recipes, by the names that models are filed under. */
const algorithms = {
  "content-similarity": contentSimilarity,
  ease: popularEase,
  "implicit-als": implicitAls,
  "item-item": itemItem,
  "own-history": ownHistory,
  popularity,
  "rp3-beta": rp3Beta,
  sequential,
  trending,
} as const;

export type AlgorithmName = keyof typeof algorithms;

/** One algorithm with its parameters: what can be chosen, fitted, filed and explained. */
export interface ComponentChoice {
  readonly algorithm: AlgorithmName;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
}

/** How much each event of a history counts by its age; see `halfLifeItems` and `halfLifeDays` of the algorithms. */
export type HistoryWeightings = readonly { readonly halfLifeItems: number; readonly halfLifeDays: number }[];

export interface FittedChoice {
  readonly choice: ComponentChoice;
  readonly scorer: PartScorer;
}

/** An algorithm with its parameters, to be fitted or read. */
export interface Component {
  /** Throws ParameterError for parameters that are none of the algorithm's, DataError for interactions that cannot be learned from. */
  fit(interactions: Interactions, context: TableFitContext): Promise<FittedComponent>;
  /** Throws FormatError for bytes that are no such model. */
  decode(file: EncodedModel): Promise<FittedComponent>;
}

export interface FittedComponent {
  open(): PartScorer;
  encode(): Iterable<Uint8Array>;
}

type AnyModel = Partial<ItemWeights>;
type AnyRecommender = Recommender<ParameterTable, AnyModel>;

export function componentOf({ algorithm, parameters }: ComponentChoice): Component {
  const recommender = algorithms[algorithm] as AnyRecommender;
  const fitted = (model: AnyModel): FittedComponent => ({
    open: () => openPart(recommender, model),
    encode: () => recommender.encode(model),
  });
  return {
    fit: async (interactions, context) => fitted(await recommender.fit(parameters, interactions, context)),
    decode: async (file) => fitted(await recommender.decode(file)),
  };
}

/** Fitted once, opened with each weighting: for algorithms that weigh histories when they score, not when they learn. */
export async function fitWeightings(
  { algorithm, parameters }: ComponentChoice,
  weightings: HistoryWeightings,
  interactions: Interactions,
  context: TableFitContext,
): Promise<readonly FittedChoice[]> {
  const recommender = algorithms[algorithm] as AnyRecommender;
  const model = (await recommender.fit(parameters, interactions, context)) as ItemWeights;
  return weightings.map((weighting) => ({
    choice: { algorithm, parameters: { ...parameters, ...weighting } },
    scorer: openPart(recommender, { ...model, weighting: { ...model.weighting, ...weighting } }),
  }));
}

function openPart(recommender: AnyRecommender, model: AnyModel): PartScorer {
  const scorer = recommender.open(model);
  const { weights, weighting, popularity } = model;
  if (weights === undefined || weighting === undefined || popularity === undefined) return scorer;
  return openWeights(scorer, { weights, weighting, popularity });
}

export function isAlgorithmName(name: unknown): name is AlgorithmName {
  return typeof name === "string" && Object.hasOwn(algorithms, name);
}
