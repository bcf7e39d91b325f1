import { parseCondition } from "./parse-condition.ts";
import { parseProjection } from "./parse-projection.ts";
import { parseUpdate } from "./parse-update.ts";
import type { Condition, DocumentPath, ExpressionKind, ParsedExpression, UpdateAction } from "./syntax-tree.ts";

/** Expressions that are kept; an application has some dozens. At 4 KB each they and their trees are some MB at most. */
const CAPACITY = 500;

/** Parsers that remember what they read last: the same expressions come with nearly every request. */
export interface ParsedExpressions {
  condition(kind: ExpressionKind, text: string): ParsedExpression<Condition>;
  update(text: string): ParsedExpression<readonly UpdateAction[]>;
  projection(text: string): ParsedExpression<readonly DocumentPath[]>;
}

export function createParsedExpressions(): ParsedExpressions {
  const conditions = new Map<string, ParsedExpression<Condition>>();
  const updates = new Map<string, ParsedExpression<readonly UpdateAction[]>>();
  const projections = new Map<string, ParsedExpression<readonly DocumentPath[]>>();
  return {
    condition: (kind, text) => remembered(conditions, `${kind} ${text}`, () => parseCondition(kind, text)),
    update: (text) => remembered(updates, text, () => parseUpdate(text)),
    projection: (text) => remembered(projections, text, () => parseProjection(text)),
  };
}

/** Emptied when it is full: clients choose the keys. */
function remembered<Value>(map: Map<string, Value>, key: string, parse: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const parsed = parse();
  if (map.size >= CAPACITY) map.clear();
  map.set(key, parsed);
  return parsed;
}
