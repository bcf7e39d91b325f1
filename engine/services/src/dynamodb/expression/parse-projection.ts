import type { DocumentPath, ParsedExpression } from "./syntax-tree.ts";
import { TokenReader } from "./token-reader.ts";

/** Projection expressions: paths between commas. */
export function parseProjection(text: string): ParsedExpression<readonly DocumentPath[]> {
  const reader = new TokenReader("ProjectionExpression", text);
  return reader.finish(reader.readList(() => reader.readPath()));
}
