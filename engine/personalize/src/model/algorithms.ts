import {
  type BlendComponent,
  blendComponent,
  contentSimilarity,
  type Interactions,
  implicitAls,
  itemItem,
  ownHistory,
  type ParameterTable,
  popularity,
  type Recommender,
  rp3Beta,
  type Scorer,
  sequential,
  type TableFitContext,
  trending,
} from "@rondo/learn";
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
  readonly scorer: Scorer;
}

type AnyRecommender = Recommender<ParameterTable, { readonly weighting?: object }>;

/** A part of a blend that fits and decodes. Throws ParameterError when it is fitted with parameters that are none of the algorithm's. */
export function componentOf({ algorithm, parameters }: ComponentChoice): BlendComponent {
  return blendComponent(recommenderOf(algorithm), parameters);
}

/** Fitted once, opened with each weighting: for algorithms that weigh histories when they score, not when they learn. */
export async function fitWeightings(
  { algorithm, parameters }: ComponentChoice,
  weightings: HistoryWeightings,
  interactions: Interactions,
  context: TableFitContext,
): Promise<readonly FittedChoice[]> {
  const recommender = recommenderOf(algorithm);
  const model = await recommender.fit(parameters, interactions, context);
  return weightings.map((weighting) => ({
    choice: { algorithm, parameters: { ...parameters, ...weighting } },
    scorer: recommender.open({ ...model, weighting: { ...model.weighting, ...weighting } }),
  }));
}

function recommenderOf(algorithm: AlgorithmName): AnyRecommender {
  return algorithms[algorithm] as AnyRecommender;
}

export function isAlgorithmName(name: unknown): name is AlgorithmName {
  return typeof name === "string" && Object.hasOwn(algorithms, name);
}
