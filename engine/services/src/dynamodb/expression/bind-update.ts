import { type AttributeValue, type Item, membersOf, typeOf } from "../attribute-value.ts";
import { addDecimals, formatDecimal, parseDecimal, subtractDecimals } from "../decimal.ts";
import { validationError } from "../validation-error.ts";
import { bindOperand } from "./bind-condition.ts";
import { checkPathsDistinct, type ResolvedPath, valueAt } from "./document-path.ts";
import { expressionError } from "./expression-error.ts";
import type { Placeholders } from "./placeholders.ts";
import type { Operand, ParsedExpression, SetValue, UpdateAction } from "./syntax-tree.ts";
import { checkParent, removeAt, setAt } from "./write-at-path.ts";

/** An update with its placeholders filled in. */
export interface BoundUpdate {
  /** What it writes to. */
  readonly paths: readonly ResolvedPath[];
  /** REMOVE and DELETE alone do not make an item where there is none. */
  readonly onlyRemoves: boolean;
  /** A new item. Throws ValidationException where a path or an operand does not fit the item. */
  apply(item: Item): Item;
}

type Compute = (item: Item) => AttributeValue;

interface BoundAction {
  readonly kind: UpdateAction["kind"];
  readonly path: ResolvedPath;
  /** The value to be set; undefined removes. Always of the item as it was before. */
  readonly compute: (item: Item) => AttributeValue | undefined;
}

/** Throws ValidationException for paths that overlap and operands of a wrong type. */
export function bindUpdate(parsed: ParsedExpression<readonly UpdateAction[]>, placeholders: Placeholders): BoundUpdate {
  placeholders.use(parsed);
  const actions = parsed.tree.map((action) => bindAction(action, placeholders));
  const paths = actions.map(({ path }) => path);
  checkPathsDistinct("UpdateExpression", paths);
  return {
    paths,
    onlyRemoves: actions.every(({ kind }) => kind === "REMOVE" || kind === "DELETE"),
    apply(item) {
      // In the order of positions: those beyond the end of a list are appended in that order (API reference, UpdateItem).
      const computed = actions
        .map((action) => ({ ...action, value: action.compute(item) }))
        .sort((a, b) => comparePaths(a.path, b.path));
      let next = item;
      for (const { path, value } of computed) if (value !== undefined) next = setAt(next, path, value);
      // From behind, so that positions in lists stay what they were; only what was there, since something else may be appended there by now.
      for (const { kind, path } of computed.filter(({ value }) => value === undefined).toReversed()) {
        if (valueAt(item, path) !== undefined) next = removeAt(next, path);
        else if (kind === "REMOVE") checkParent(item, path);
      }
      return next;
    },
  };
}

function bindAction(action: UpdateAction, placeholders: Placeholders): BoundAction {
  const path = placeholders.resolve(action.path);
  switch (action.kind) {
    case "REMOVE":
      return { kind: action.kind, path, compute: () => undefined };
    case "SET":
      return { kind: action.kind, path, compute: bindSetValue(action.value, placeholders) };
    default: {
      const value = placeholders.valueOf(action.value.name);
      checkSetOperand(action.kind, value);
      const change = action.kind === "ADD" ? addTo : deleteFrom;
      return { kind: action.kind, path, compute: (item) => change(valueAt(item, path), value) };
    }
  }
}

function bindSetValue(value: SetValue, placeholders: Placeholders): Compute {
  if (value.kind !== "arithmetic") return bindSetOperand(value, placeholders);
  const { operator, left, right } = value;
  for (const operand of [left, right]) checkLiteral(operator, { operand, placeholders, type: "N" });
  const [readLeft, readRight] = [bindSetOperand(left, placeholders), bindSetOperand(right, placeholders)];
  const combine = operator === "+" ? addDecimals : subtractDecimals;
  return (item) => {
    const [a, b] = [readLeft(item), readRight(item)];
    if (!("N" in a && "N" in b)) throw wrongOperand();
    return { N: formatDecimal(combine(parseDecimal(a.N), parseDecimal(b.N))) };
  };
}

function bindSetOperand(operand: Operand, placeholders: Placeholders): Compute {
  if (operand.kind !== "function") {
    const read = bindOperand(operand, { kind: "UpdateExpression", placeholders });
    return (item) => {
      const value = read(item);
      if (value !== undefined) return value;
      throw validationError("The provided expression refers to an attribute that does not exist in the item");
    };
  }
  const [first, second] = operand.operands as [Operand, Operand];
  if (operand.name === "if_not_exists") {
    const read = bindOperand(first, { kind: "UpdateExpression", placeholders });
    const otherwise = bindSetOperand(second, placeholders);
    return (item) => read(item) ?? otherwise(item);
  }
  for (const list of [first, second]) checkLiteral("list_append", { operand: list, placeholders, type: "L" });
  const [readFirst, readSecond] = [bindSetOperand(first, placeholders), bindSetOperand(second, placeholders)];
  return (item) => {
    const [a, b] = [readFirst(item), readSecond(item)];
    if (!("L" in a && "L" in b)) throw wrongOperand();
    return { L: [...a.L, ...b.L] };
  };
}

/** ADD: a sum, or the union of two sets. */
function addTo(current: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (current === undefined) return value;
  if (typeOf(current) !== typeOf(value)) throw wrongOperand();
  if ("N" in current && "N" in value) {
    return { N: formatDecimal(addDecimals(parseDecimal(current.N), parseDecimal(value.N))) };
  }
  return setOf(value, new Set([...(membersOf(current) ?? []), ...(membersOf(value) ?? [])]));
}

/** DELETE: the difference of two sets; nothing is left of an empty one. */
function deleteFrom(current: AttributeValue | undefined, value: AttributeValue): AttributeValue | undefined {
  if (current === undefined) return undefined;
  if (typeOf(current) !== typeOf(value)) throw wrongOperand();
  const left = new Set(membersOf(current));
  for (const member of membersOf(value) ?? []) left.delete(member);
  return left.size === 0 ? undefined : setOf(value, left);
}

function setOf(like: AttributeValue, members: ReadonlySet<string>): AttributeValue {
  return { [typeOf(like)]: [...members] } as unknown as AttributeValue;
}

function wrongOperand(): Error {
  return validationError("An operand in the update expression has an incorrect data type");
}

const typeNames: Readonly<Record<string, string>> = {
  S: "STRING",
  N: "NUMBER",
  B: "BINARY",
  NULL: "NULL",
  BOOL: "BOOLEAN",
  L: "LIST",
  M: "MAP",
};

function checkSetOperand(operator: "ADD" | "DELETE", value: AttributeValue): void {
  if (membersOf(value) !== undefined || (operator === "ADD" && "N" in value)) return;
  throw expressionError(
    "UpdateExpression",
    `Incorrect operand type for operator or function; operator: ${operator}, operand type: ${typeNames[typeOf(value)]}, ` +
      `typeSet: ALLOWED_FOR_${operator}_OPERAND`,
  );
}

function checkLiteral(
  operator: string,
  {
    operand,
    placeholders,
    type,
  }: { readonly operand: Operand; readonly placeholders: Placeholders; readonly type: string },
): void {
  if (operand.kind !== "value") return;
  const found = typeOf(placeholders.valueOf(operand.name));
  if (found === type) return;
  throw expressionError(
    "UpdateExpression",
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${found}`,
  );
}

function comparePaths(a: ResolvedPath, b: ResolvedPath): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const [left, right] = [a[at], b[at]];
    if (left === right) continue;
    if (typeof left === "number" && typeof right === "number") return left - right;
    return String(left) < String(right) ? -1 : 1;
  }
  return a.length - b.length;
}
