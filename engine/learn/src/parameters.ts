/** One parameter of an algorithm: what it may be, and what it is when nothing is said. */
export type ParameterDefinition =
  | {
      readonly type: "integer" | "continuous";
      readonly minimum: number;
      readonly maximum: number;
      /** The minimum itself is not allowed: (0, 1]. */
      readonly exclusiveMinimum?: boolean;
      /** Absent, as the value then may be too, where the algorithm chooses by the data. */
      readonly default?: number;
    }
  | { readonly type: "categorical"; readonly values: readonly string[]; readonly default: string }
  | { readonly type: "boolean"; readonly default: boolean }
  | { readonly type: "text"; readonly default: string };

export type ParameterTable = Readonly<Record<string, ParameterDefinition>>;

type ParameterValue<Definition extends ParameterDefinition> = Definition extends {
  readonly values: readonly (infer Value)[];
}
  ? Value
  : Definition extends { readonly type: "integer" | "continuous" }
    ? Definition extends { readonly default: number }
      ? number
      : number | undefined
    : Definition extends { readonly type: "boolean" }
      ? boolean
      : string;

/** The values that a table describes. */
export type ParameterValues<Table extends ParameterTable> = {
  readonly [Name in keyof Table]: ParameterValue<Table[Name]>;
};

/** A parameter that is unknown or outside its range; the message names it, its value and what is allowed. */
export class ParameterError extends Error {
  override readonly name = "ParameterError";
  readonly parameter: string;

  constructor(parameter: string, message: string) {
    super(message);
    this.parameter = parameter;
  }
}

/** Defaults filled in and every value checked; throws ParameterError for the first that does not fit. */
export function resolveParameters<Table extends ParameterTable>(
  table: Table,
  values: Readonly<Record<string, unknown>>,
): ParameterValues<Table> {
  for (const name of Object.keys(values)) {
    if (!Object.hasOwn(table, name)) throw new ParameterError(name, `Unknown parameter ${name}.`);
  }
  const resolved: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(table)) {
    const value = values[name] ?? definition.default;
    const expectation = value === undefined ? undefined : mismatch(definition, value);
    if (expectation !== undefined) {
      throw new ParameterError(name, `Parameter ${name} must be ${expectation}, not ${JSON.stringify(value)}.`);
    }
    resolved[name] = value;
  }
  return resolved as ParameterValues<Table>;
}

/** What the value should have been, or nothing when it fits. */
function mismatch(definition: ParameterDefinition, value: unknown): string | undefined {
  switch (definition.type) {
    case "integer":
    case "continuous": {
      const { minimum, maximum, exclusiveMinimum = false } = definition;
      const isNumber = definition.type === "integer" ? Number.isSafeInteger(value) : Number.isFinite(value);
      const fits =
        isNumber && (exclusiveMinimum ? Number(value) > minimum : Number(value) >= minimum) && Number(value) <= maximum;
      const kind = definition.type === "integer" ? "an integer" : "a number";
      return fits
        ? undefined
        : `${kind} ${exclusiveMinimum ? "above" : "of at least"} ${minimum} and at most ${maximum}`;
    }
    case "categorical":
      return definition.values.includes(value as string) ? undefined : `one of ${definition.values.join(", ")}`;
    case "boolean":
      return typeof value === "boolean" ? undefined : "true or false";
    case "text":
      return typeof value === "string" && value !== "" ? undefined : "a text that is not empty";
  }
}
