/** A path as it is written: names, which may be `#placeholders`, and positions in lists. */
export type DocumentPath = readonly [string, ...(string | number)[]];

export type Operand =
  | { readonly kind: "path"; readonly path: DocumentPath }
  /** `:placeholder` */
  | { readonly kind: "value"; readonly name: string }
  | { readonly kind: "function"; readonly name: string; readonly operands: readonly Operand[] };

export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";

export type Condition =
  | { readonly kind: "comparison"; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: "between"; readonly operand: Operand; readonly lower: Operand; readonly upper: Operand }
  | { readonly kind: "in"; readonly operand: Operand; readonly candidates: readonly Operand[] }
  | { readonly kind: "function"; readonly name: string; readonly operands: readonly Operand[] }
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "not"; readonly condition: Condition };

/** What SET assigns: one operand, or the sum or difference of two. */
export type SetValue =
  | Operand
  | { readonly kind: "arithmetic"; readonly operator: "+" | "-"; readonly left: Operand; readonly right: Operand };

export type UpdateAction =
  | { readonly kind: "SET"; readonly path: DocumentPath; readonly value: SetValue }
  | { readonly kind: "REMOVE"; readonly path: DocumentPath }
  | { readonly kind: "ADD" | "DELETE"; readonly path: DocumentPath; readonly value: Operand & { kind: "value" } };

/** The parameter that an expression stands in: errors begin with it. */
export type ExpressionKind =
  | "ConditionExpression"
  | "FilterExpression"
  | "KeyConditionExpression"
  | "ProjectionExpression"
  | "UpdateExpression";

/** A parsed expression, still without its placeholders, so that it can be kept for the next request. */
export interface ParsedExpression<Tree> {
  readonly kind: ExpressionKind;
  readonly tree: Tree;
  /** Every `#name`, `:value` and path in it, in order. */
  readonly names: readonly string[];
  readonly values: readonly string[];
  readonly paths: readonly DocumentPath[];
}
