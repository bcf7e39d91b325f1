import { refuseOperandCount } from "./check-operands.ts";
import type { Operand, ParsedExpression, SetValue, UpdateAction } from "./syntax-tree.ts";
import { TokenReader } from "./token-reader.ts";

const sections = ["SET", "REMOVE", "ADD", "DELETE"] as const;

/** Number of operands of each function that SET knows. */
const setFunctions: ReadonlyMap<string, number> = new Map([
  ["if_not_exists", 2],
  ["list_append", 2],
]);

const conditionFunctions: ReadonlySet<string> = new Set([
  "attribute_exists",
  "attribute_not_exists",
  "attribute_type",
  "begins_with",
  "contains",
  "size",
]);

/** Update expressions. Guide: "Update expressions". */
export function parseUpdate(text: string): ParsedExpression<readonly UpdateAction[]> {
  const reader = new TokenReader("UpdateExpression", text);
  const seen = new Set<string>();
  const actions: UpdateAction[] = [];

  function readSection(): void {
    const section = sections.find((name) => reader.take(name)) ?? reader.fail();
    if (seen.has(section)) reader.refuse(`The "${section}" section can only be used once in an update expression;`);
    seen.add(section);
    actions.push(...reader.readList(() => readAction(section)));
  }

  function readAction(section: (typeof sections)[number]): UpdateAction {
    const path = reader.readPath();
    reader.countOperator();
    if (section === "REMOVE") return { kind: section, path };
    if (section !== "SET") return { kind: section, path, value: reader.readValueName() };
    reader.expect("=");
    return { kind: section, path, value: readSetValue() };
  }

  function readSetValue(): SetValue {
    const inside = reader.is("(") ? reader.attempt(readParenthesised) : undefined;
    return inside ?? readArithmetic();
  }

  /** `(a + :b)` as a whole; anything else in parentheses is an operand. */
  function readParenthesised(): SetValue | undefined {
    reader.expect("(");
    const value = reader.nested(readArithmetic);
    reader.expect(")");
    return value.kind === "arithmetic" ? value : undefined;
  }

  function readArithmetic(): SetValue {
    const left = readSetOperand();
    const operator = reader.is("+") ? "+" : "-";
    if (!reader.take(operator)) return left;
    reader.countOperator();
    return { kind: "arithmetic", operator, left, right: readSetOperand() };
  }

  function readSetOperand(): Operand {
    const operand = reader.readOperand();
    checkFunctions(operand);
    return operand;
  }

  function checkFunctions(operand: Operand): void {
    if (operand.kind !== "function") return;
    const { name, operands } = operand;
    const count = setFunctions.get(name);
    if (count === undefined) {
      reader.refuse(
        conditionFunctions.has(name)
          ? `The function is not allowed in an update expression; function: ${name}`
          : `Invalid function name; function: ${name}`,
      );
    }
    if (operands.length !== count) {
      refuseOperandCount(reader, name, operands.length);
    }
    if (name === "if_not_exists" && operands[0]?.kind !== "path") {
      reader.refuse(`Operator or function requires a document path; operator or function: ${name}`);
    }
    for (const inner of operands) checkFunctions(inner);
  }

  do readSection();
  while (reader.token.kind !== "end");
  return reader.finish(actions);
}
