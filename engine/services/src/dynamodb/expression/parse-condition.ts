import { checkConditionFunction, checkOperand, refuseOperandCount, refuseSame, samePath } from "./check-operands.ts";
import type { Comparator, Condition, ExpressionKind, Operand, ParsedExpression } from "./syntax-tree.ts";
import { TokenReader } from "./token-reader.ts";

const comparators: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);

/** Condition, filter and key condition expressions: OR binds weakest, then AND, then NOT. Guide: "Condition and filter expressions". */
export function parseCondition(kind: ExpressionKind, text: string): ParsedExpression<Condition> {
  const reader = new TokenReader(kind, text);
  const parenthesised = new Set<Condition>();

  function readOr(): Condition {
    let left = readAnd();
    while (reader.take("OR")) {
      reader.countOperator();
      left = { kind: "or", left, right: readAnd() };
    }
    return left;
  }

  function readAnd(): Condition {
    let left = readNot();
    while (reader.take("AND")) {
      reader.countOperator();
      left = { kind: "and", left, right: readNot() };
    }
    return left;
  }

  function readNot(): Condition {
    if (!reader.take("NOT")) return readPrimary();
    reader.countOperator();
    return { kind: "not", condition: reader.nested(readNot) };
  }

  function readPrimary(): Condition {
    if (!reader.is("(")) return readPredicate();
    // `(a) = :b` or `(a = :b)`: only what follows the parenthesis tells.
    const predicate = reader.attempt(() => {
      const operand = reader.readOperand();
      return continuesPredicate() ? operand : undefined;
    });
    if (predicate !== undefined) return readRest(reader, predicate);
    reader.expect("(");
    const condition = reader.nested(readOr);
    reader.expect(")");
    if (parenthesised.has(condition)) reader.refuse("The expression has redundant parentheses;");
    parenthesised.add(condition);
    return condition;
  }

  function continuesPredicate(): boolean {
    return comparators.has(reader.token.text) || reader.isKeyword("BETWEEN") || reader.isKeyword("IN");
  }

  function readPredicate(): Condition {
    const operand = reader.readOperand();
    if (continuesPredicate()) return readRest(reader, operand);
    if (operand.kind !== "function") return reader.fail();
    checkConditionFunction(reader, operand);
    return operand;
  }

  return reader.finish(readOr());
}

/** What follows the first operand of a comparison, BETWEEN or IN. */
function readRest(reader: TokenReader, operand: Operand): Condition {
  checkOperand(reader, operand);
  reader.countOperator();
  if (reader.take("BETWEEN")) {
    const lower = readCheckedOperand(reader);
    reader.expect("AND");
    return { kind: "between", operand, lower, upper: readCheckedOperand(reader) };
  }
  if (reader.take("IN")) {
    reader.expect("(");
    const candidates = reader.readList(() => readCheckedOperand(reader));
    reader.expect(")");
    if (candidates.length > 100) refuseOperandCount(reader, "IN", candidates.length + 1);
    return { kind: "in", operand, candidates };
  }
  const comparator = reader.next().text as Comparator;
  const right = readCheckedOperand(reader);
  if (samePath(operand, right)) refuseSame(reader, comparator, operand);
  return { kind: "comparison", comparator, left: operand, right };
}

function readCheckedOperand(reader: TokenReader): Operand {
  const operand = reader.readOperand();
  checkOperand(reader, operand);
  return operand;
}
