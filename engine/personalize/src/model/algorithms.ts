import {
  type BlendComponent,
  blendComponent,
  contentSimilarity,
  ease,
  implicitAls,
  itemItem,
  ownHistory,
  popularity,
  rp3Beta,
  sequential,
  trending,
} from "@rondo/learn";

/** The algorithms that stand behind recipes, by the names that models are filed under. */
const algorithms = {
  "content-similarity": contentSimilarity,
  ease,
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

/** A part of a blend that fits and decodes. Throws ParameterError when it is fitted with parameters that are none of the algorithm's. */
export function componentOf({ algorithm, parameters }: ComponentChoice): BlendComponent {
  const open = algorithms[algorithm] as Parameters<typeof blendComponent>[0];
  return blendComponent(open, parameters);
}

export function isAlgorithmName(name: unknown): name is AlgorithmName {
  return typeof name === "string" && Object.hasOwn(algorithms, name);
}
