import { showPath } from "./document-path.ts";
import type { Operand } from "./syntax-tree.ts";
import type { TokenReader } from "./token-reader.ts";

/** Number of operands of each function that is a condition. */
const conditionFunctions: ReadonlyMap<string, number> = new Map([
  ["attribute_exists", 1],
  ["attribute_not_exists", 1],
  ["attribute_type", 2],
  ["begins_with", 2],
  ["contains", 2],
]);

const functionNames: ReadonlySet<string> = new Set([
  ...conditionFunctions.keys(),
  "size",
  "if_not_exists",
  "list_append",
]);

/** Where an operand of a condition stands, the only function is `size`. */
export function checkOperand(reader: TokenReader, operand: Operand): void {
  if (operand.kind !== "function") return;
  const { name, operands } = operand;
  checkName(reader, name);
  if (name !== "size") {
    reader.refuse(`The function is not allowed to be used this way in an expression; function: ${name}`);
  }
  if (operands.length !== 1) refuseOperandCount(reader, name, operands.length);
  for (const inner of operands) checkOperand(reader, inner);
}

/** A function that is a condition by itself, with operands that fit. */
export function checkConditionFunction(reader: TokenReader, { name, operands }: Operand & { kind: "function" }): void {
  checkName(reader, name);
  const count = conditionFunctions.get(name);
  if (count === undefined) {
    reader.refuse(
      name === "size"
        ? "The function is not allowed to be used this way in an expression; function: size"
        : `The function is not allowed in a condition expression; function: ${name}`,
    );
  }
  if (operands.length !== count) refuseOperandCount(reader, name, operands.length);
  for (const operand of operands) checkOperand(reader, operand);
  const [first, second] = operands as [Operand, Operand?];
  if (name.startsWith("attribute_") && first.kind !== "path") {
    reader.refuse(`Operator or function requires a document path; operator or function: ${name}`);
  }
  if (second !== undefined && samePath(first, second)) refuseSame(reader, name, first);
}

export function refuseOperandCount(reader: TokenReader, name: string, count: number): never {
  return reader.refuse(
    `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${count}`,
  );
}

export function refuseSame(reader: TokenReader, name: string, operand: Operand): never {
  return reader.refuse(
    "The first operand must be distinct from the remaining operands for this operator or function; " +
      `operator: ${name}, first operand: ${showPath(operand.kind === "path" ? operand.path : [])}`,
  );
}

export function samePath(a: Operand, b: Operand): boolean {
  return a.kind === "path" && b.kind === "path" && JSON.stringify(a.path) === JSON.stringify(b.path);
}

function checkName(reader: TokenReader, name: string): void {
  if (!functionNames.has(name)) reader.refuse(`Invalid function name; function: ${name}`);
}
