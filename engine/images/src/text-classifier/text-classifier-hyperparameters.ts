import { textClassifierParameters } from "@rondo/learn";
import type { HyperparameterDefinition } from "../image.ts";

type ParameterName = keyof typeof textClassifierParameters;

/** Whether tuning makes sense, and what it is. Those that are "selected" have no default: what is not given is chosen on held-out parts of train. */
const descriptions: Readonly<Record<ParameterName, { readonly tunable?: true; readonly description: string }>> = {
  task: { description: "One label per text or several; auto: several where any text has none or more than one." },
  selection: { description: "True: choose what is not given of the selected ones on held-out parts of train." },
  wordNgrams: { tunable: true, description: "Longest word n-gram. Selected: 1 to 3." },
  minChar: { description: "Shortest n-gram of characters." },
  maxChar: {
    tunable: true,
    description: "Longest n-gram of characters, 0 = none. Selected: 0 or 5 where texts are short.",
  },
  characterShare: { tunable: true, description: "Share of n-grams of characters in the similarity of two texts." },
  minDocumentFrequency: { tunable: true, description: "Texts in which an n-gram has to be. Selected: 1 or 2." },
  maxFeatures: { description: "The most n-grams that are kept; 0 = all." },
  buckets: { description: "Hash n-grams into so many features instead of keeping a vocabulary; 0 = a vocabulary." },
  termFrequency: { tunable: true, description: "sublinear: 1 + log(count); binary: 1." },
  inverseDocumentFrequency: { description: "Whether n-grams in fewer texts get larger values." },
  loss: { tunable: true, description: "svm: squared hinge; logistic." },
  cost: {
    tunable: true,
    description: "What an error costs against the length of the weights (C). Selected: 0.125 to 4.",
  },
  positiveWeight: {
    tunable: true,
    description: "What errors on texts with a label cost more than those on texts without it.",
  },
  naiveBayes: {
    tunable: true,
    description: "How much features are scaled by naive-Bayes ratios. Selected: 0, 0.5 or 1.",
  },
  interpolation: { tunable: true, description: "1 leaves the weights as they are; 0.25 is that of Wang and Manning." },
  tolerance: { description: "How far from the optimum the descent may end." },
  maxIterations: { description: "Passes through the training data, at most." },
  calibration: { description: "True: calibrate probabilities and thresholds by cross-validation on train." },
  folds: { description: "Parts that cross-validation makes." },
  thresholds: { description: "Of several labels: one threshold for micro-F1, or one per label for macro-F1." },
  weightBits: { description: "Bits of a weight in the model file." },
};

const SELECTED: ReadonlySet<string> = new Set(["wordNgrams", "maxChar", "minDocumentFrequency", "cost", "naiveBayes"]);

/** `word_ngrams` of `wordNgrams`. */
export function hyperparameterName(parameter: string): string {
  return parameter.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export const textClassifierHyperparameters: readonly HyperparameterDefinition[] = [
  ...Object.entries(textClassifierParameters).map(([name, parameter]): HyperparameterDefinition => {
    const { tunable = false, description } = descriptions[name as ParameterName];
    const common = { name: hyperparameterName(name), required: false, tunable, description };
    if (parameter.type === "boolean") {
      return {
        ...common,
        type: "categorical",
        values: ["True", "False"],
        default: parameter.default ? "True" : "False",
      };
    }
    const initial = SELECTED.has(name) ? {} : { default: String(parameter.default) };
    return parameter.type === "categorical"
      ? { ...common, ...initial, type: "categorical", values: parameter.values }
      : { ...common, ...initial, ...parameter, default: initial.default };
  }),
  {
    name: "seed",
    type: "integer",
    required: false,
    minimum: 0,
    maximum: 4_294_967_295,
    default: "0",
    tunable: false,
    description: "The same seed gives the same model, on any number of threads.",
  },
];
