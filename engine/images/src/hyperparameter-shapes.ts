import type { HyperparameterDefinition } from "./image.ts";

/** What a hyperparameter may be, without its name and purpose. */
export type HyperparameterShape = Omit<HyperparameterDefinition, "name" | "description" | "required" | "tunable">;

export const positiveInteger: HyperparameterShape = { type: "integer", minimum: 1, maximum: 2_000_000_000 };
export const integerFrom = (minimum: number, maximum = 2_000_000_000): HyperparameterShape => ({
  type: "integer",
  minimum,
  maximum,
});
export const oneOf = (...values: readonly string[]): HyperparameterShape => ({ type: "categorical", values });

/** A number, or `auto`, which is the default. */
export const automatic = (shape: HyperparameterShape): HyperparameterShape => ({
  ...shape,
  values: ["auto"],
  default: "auto",
});

/** With a default. */
export const usually = (shape: HyperparameterShape, value: string): HyperparameterShape => ({
  ...shape,
  default: value,
});

/** A table of hyperparameters: name, shape and purpose of each; `required` and `tunable` by name. */
export function defineHyperparameters(
  { required, tunable }: { readonly required: readonly string[]; readonly tunable: readonly string[] },
  definitions: readonly (readonly [name: string, shape: HyperparameterShape, description: string])[],
): readonly HyperparameterDefinition[] {
  return definitions.map(([name, shape, description]) => ({
    name,
    ...shape,
    required: required.includes(name),
    tunable: tunable.includes(name),
    description,
  }));
}
