import { createRandom, type Random } from "@rondo/statistics";
import type { Recipe, RecipeParameter } from "../recipes/recipe.ts";
import type { RecipeValues } from "./learner.ts";
import type { TuningConfig } from "./training-request.ts";

/** Trainings of a tuning that says nothing of it. */
const DEFAULT_TRAININGS = 8;

export interface TuningOptions {
  readonly recipe: Recipe;
  readonly config: TuningConfig | undefined;
  /** What the solution says, with defaults. */
  readonly values: RecipeValues;
  readonly seed: number;
  /** What a training with these parameters is worth: more is better. */
  judge(values: RecipeValues): Promise<number>;
  onProgress?(fraction: number): void;
}

/**
 * `performHPO`: random search (Bergstra and Bengio, "Random search for hyper-parameter optimization", JMLR 2012) over the declared ranges, or those of the
 * recipe, in `maxNumberOfTrainingJobs` trainings; the first is with what the solution says. One training at a time uses all threads, so that
 * `maxParallelTrainingJobs` changes nothing.
 */
export async function tuneParameters(options: TuningOptions): Promise<RecipeValues> {
  const { recipe, config, values, seed, judge, onProgress } = options;
  const draws = recipe.hyperparameters.flatMap((parameter) => {
    const draw = parameter.tunable ? drawOf(parameter, config) : undefined;
    return draw === undefined ? [] : [{ name: parameter.name, draw }];
  });
  const trainings = Number(config?.hpoResourceConfig?.maxNumberOfTrainingJobs ?? DEFAULT_TRAININGS);
  const random = createRandom(seed);
  let best = { values, worth: Number.NEGATIVE_INFINITY };
  for (let training = 0; training < trainings; training += 1) {
    const drawn = Object.fromEntries(draws.map(({ name, draw }) => [name, draw(random)]));
    const tried = training === 0 ? values : { ...values, ...drawn };
    const worth = await judge(tried);
    if (worth > best.worth) best = { values: tried, worth };
    onProgress?.((training + 1) / trainings);
  }
  return best.values;
}

/** How a value is drawn; undefined for a parameter that declared ranges leave out. */
function drawOf(
  parameter: RecipeParameter,
  config: TuningConfig | undefined,
): ((random: Random) => string) | undefined {
  const { algorithmHyperParameterRanges: ranges } = config ?? {};
  const isNamed = ({ name }: { readonly name?: string | undefined }): boolean => name === parameter.name;
  if (parameter.type === "categorical") {
    const declared = ranges?.categoricalHyperParameterRanges?.find(isNamed);
    if (ranges !== undefined && declared === undefined) return undefined;
    const values = declared?.values ?? parameter.values;
    return (random) => values[Math.floor(random() * values.length)];
  }
  const isInteger = parameter.type === "integer";
  const declared = (isInteger ? ranges?.integerHyperParameterRanges : ranges?.continuousHyperParameterRanges)?.find(
    isNamed,
  );
  if (ranges !== undefined && declared === undefined) return undefined;
  const { minValue = parameter.minimum, maxValue = parameter.maximum } = declared ?? {};
  return isInteger
    ? (random) => String(minValue + Math.floor(random() * (maxValue - minValue + 1)))
    : (random) => String(minValue + random() * (maxValue - minValue));
}
