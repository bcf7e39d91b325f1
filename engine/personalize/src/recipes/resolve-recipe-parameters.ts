import { ParameterError } from "@rondo/learn";
import type { RecipeParameter } from "./recipe.ts";

/**
 * Defaults filled in and every value checked; throws ParameterError, which names the parameter, for the first that is unknown or
 * outside of its range. Values are texts, as in `algorithmHyperParameters` and `featureTransformationParameters`.
 */
export function resolveRecipeParameters(
  parameters: readonly RecipeParameter[],
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  for (const name of Object.keys(given)) {
    if (parameters.every((parameter) => parameter.name !== name)) {
      const known = parameters.map((parameter) => parameter.name).join(", ") || "none";
      throw new ParameterError(name, `Unknown hyperparameter ${name}; the recipe has: ${known}.`);
    }
  }
  return Object.fromEntries(
    parameters.map((parameter) => {
      const value = given[parameter.name] ?? parameter.default;
      const expectation = mismatch(parameter, value);
      if (expectation !== undefined) {
        throw new ParameterError(
          parameter.name,
          `Hyperparameter ${parameter.name} must be ${expectation}, not ${JSON.stringify(value)}.`,
        );
      }
      return [parameter.name, value];
    }),
  );
}

function mismatch(parameter: RecipeParameter, value: string): string | undefined {
  if (parameter.type === "categorical") {
    return parameter.values.includes(value) ? undefined : `one of ${parameter.values.join(", ")}`;
  }
  const { minimum, maximum } = parameter;
  const number = value.trim() === "" ? Number.NaN : Number(value);
  const isKind = parameter.type === "integer" ? Number.isInteger(number) : Number.isFinite(number);
  const kind = parameter.type === "integer" ? "an integer" : "a number";
  return isKind && number >= minimum && number <= maximum ? undefined : `${kind} from ${minimum} to ${maximum}`;
}
