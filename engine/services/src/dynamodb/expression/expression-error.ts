import type { AwsError } from "@rondo/wire";
import { validationError } from "../validation-error.ts";
import type { ExpressionKind } from "./syntax-tree.ts";

/** `Invalid UpdateExpression: …` */
export function expressionError(kind: ExpressionKind, detail: string): AwsError {
  return validationError(`Invalid ${kind}: ${detail}`);
}
