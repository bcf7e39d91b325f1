import type { AttributeValue } from "../attribute-value.ts";
import { readAttributeValue } from "../read-attribute-value.ts";
import { validationError } from "../validation-error.ts";
import type { ResolvedPath } from "./document-path.ts";
import { expressionError } from "./expression-error.ts";
import type { DocumentPath, ParsedExpression } from "./syntax-tree.ts";

/** ExpressionAttributeNames and ExpressionAttributeValues of a request. */
export interface PlaceholderInput {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
}

/** What the placeholders of a request's expressions stand for. */
export interface Placeholders {
  resolve(path: DocumentPath): ResolvedPath;
  valueOf(name: string): AttributeValue;
  /** Notes the placeholders of an expression as used. Throws ValidationException for those that are not defined. */
  use(expression: Pick<ParsedExpression<unknown>, "kind" | "names" | "values">): void;
  /** Throws ValidationException for placeholders that no expression uses. */
  checkAllUsed(): void;
}

/** Reads the placeholders. `absent` says which expressions are missing, when there are none that could use them. */
export function readPlaceholders(input: PlaceholderInput, absent?: string): Placeholders {
  const names = new Map(Object.entries(input.ExpressionAttributeNames ?? {}));
  const rawValues = Object.entries(input.ExpressionAttributeValues ?? {});
  checkPresence(input, absent);
  for (const name of names.keys()) checkKey("ExpressionAttributeNames", name, /^#[A-Za-z0-9_]+$/);
  const values = new Map(
    rawValues.map(([name, raw]) => {
      checkKey("ExpressionAttributeValues", name, /^:[A-Za-z0-9_]+$/);
      return [name, readValue(name, raw)] as const;
    }),
  );
  const unusedNames = new Set(names.keys());
  const unusedValues = new Set(values.keys());
  return {
    resolve: ([head, ...steps]) => [
      names.get(head) ?? head,
      ...steps.map((step) => (typeof step === "string" ? (names.get(step) ?? step) : step)),
    ],
    valueOf: (name) => values.get(name) as AttributeValue,
    use({ kind, names: usedNames, values: usedValues }) {
      for (const name of usedNames) {
        if (!names.has(name)) {
          throw expressionError(
            kind,
            `An expression attribute name used in the document path is not defined; attribute name: ${name}`,
          );
        }
        unusedNames.delete(name);
      }
      for (const name of usedValues) {
        if (!values.has(name)) {
          throw expressionError(
            kind,
            `An expression attribute value used in expression is not defined; attribute value: ${name}`,
          );
        }
        unusedValues.delete(name);
      }
    },
    checkAllUsed() {
      checkNoneUnused("ExpressionAttributeNames", unusedNames);
      checkNoneUnused("ExpressionAttributeValues", unusedValues);
    },
  };
}

function checkPresence(input: PlaceholderInput, absent: string | undefined): void {
  for (const parameter of ["ExpressionAttributeNames", "ExpressionAttributeValues"] as const) {
    const given = input[parameter];
    if (given === undefined) continue;
    if (absent !== undefined) {
      const which = parameter === "ExpressionAttributeValues" ? `: ${absent}` : "";
      throw validationError(`${parameter} can only be specified when using expressions${which}`);
    }
    if (Object.keys(given).length === 0) throw validationError(`${parameter} must not be empty`);
  }
}

function checkKey(parameter: string, key: string, pattern: RegExp): void {
  if (!pattern.test(key)) throw validationError(`${parameter} contains invalid key: Syntax error; key: "${key}"`);
}

function readValue(name: string, raw: unknown): AttributeValue {
  try {
    return readAttributeValue(raw);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ValidationException") throw error;
    throw validationError(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${name}`);
  }
}

function checkNoneUnused(parameter: string, unused: ReadonlySet<string>): void {
  if (unused.size === 0) return;
  throw validationError(`Value provided in ${parameter} unused in expressions: keys: {${[...unused].join(", ")}}`);
}
