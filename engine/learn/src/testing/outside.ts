import type { ParameterDefinition } from "../parameters.ts";

/** Values that a definition does not allow. */
export function outside(definition: ParameterDefinition): readonly unknown[] {
  switch (definition.type) {
    case "integer":
      return [definition.minimum - 1, definition.maximum + 1, definition.minimum + 0.5, Number.NaN, "1"];
    case "continuous": {
      const below = definition.exclusiveMinimum === true ? definition.minimum : definition.minimum - 1e-9;
      return [below, definition.maximum * 1.01, Number.NaN, Number.POSITIVE_INFINITY, "0.5"];
    }
    case "categorical":
      return ["no such value", 1];
    case "boolean":
      return ["true", 1];
    case "text":
      return ["", 1];
  }
}
