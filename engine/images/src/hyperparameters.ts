import { ClientError } from "./client-error.ts";
import type { HyperparameterDefinition } from "./image.ts";

export type HyperparameterValues = Readonly<Record<string, string | number | undefined>>;

/** What a tuning job adds to the hyperparameters of every algorithm. */
const TUNING = "_tuning_objective_metric";

/**
 * Hyperparameters as SageMaker hands them over, all strings, checked against the image's table: numbers parsed,
 * defaults filled in (undefined where there is none). Throws ClientError naming the hyperparameter, its value and what
 * is allowed.
 */
export function readHyperparameters(
  definitions: readonly HyperparameterDefinition[],
  given: Readonly<Record<string, string>>,
): HyperparameterValues {
  const names = new Set(definitions.map(({ name }) => name));
  for (const name of Object.keys(given)) {
    if (!names.has(name) && name !== TUNING) {
      throw new ClientError(`Unknown hyperparameter ${name}. Known are: ${[...names].join(", ")}.`);
    }
  }
  return Object.fromEntries(
    definitions.map((definition) => [definition.name, readValue(definition, given[definition.name])]),
  );
}

function readValue(definition: HyperparameterDefinition, given: string | undefined): string | number | undefined {
  const value = given ?? definition.default;
  if (value === undefined) {
    if (definition.required) throw new ClientError(`Hyperparameter ${definition.name} is required.`);
    return undefined;
  }
  const parsed = parse(definition, value);
  if (parsed === undefined) {
    throw new ClientError(
      `Hyperparameter ${definition.name} has the value ${JSON.stringify(value)}; it must be ${expectation(definition)}.`,
    );
  }
  return parsed;
}

const INTEGER = /^[+-]?\d+$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function parse(definition: HyperparameterDefinition, value: string): string | number | undefined {
  if (definition.type === "text") return value;
  if (definition.values?.includes(value)) return value;
  if (definition.type === "categorical") return undefined;
  if (typeof value !== "string" || !(definition.type === "integer" ? INTEGER : NUMBER).test(value.trim()))
    return undefined;
  const number = Number(value);
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = false } = definition;
  const fits =
    Number.isFinite(number) && (exclusiveMinimum ? number > minimum : number >= minimum) && number <= maximum;
  return fits ? number : undefined;
}

function expectation({ type, values, minimum, maximum, exclusiveMinimum }: HyperparameterDefinition): string {
  if (type === "categorical") return `one of ${values?.join(", ")}`;
  const bounds = [
    minimum === undefined ? [] : [exclusiveMinimum === true ? `above ${minimum}` : `at least ${minimum}`],
    maximum === undefined ? [] : [`at most ${maximum}`],
  ].flat();
  const words = values === undefined ? "" : `${values.join(", ")} or `;
  const kind = words + (type === "integer" ? "an integer" : "a number");
  return bounds.length === 0 ? kind : `${kind}, ${bounds.join(" and ")}`;
}
