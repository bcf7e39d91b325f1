import type { Item } from "./attribute-value.ts";
import { checkPathsDistinct, type ResolvedPath } from "./expression/document-path.ts";
import type { ParsedExpressions } from "./expression/parsed-expressions.ts";
import { type Placeholders, readPlaceholders } from "./expression/placeholders.ts";
import { projectPaths } from "./expression/project.ts";

/** What a ProjectionExpression keeps of an item; without one, everything. */
export function readProjection(
  expressions: ParsedExpressions,
  input: {
    readonly ProjectionExpression?: string | undefined;
    readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  },
): (item: Item) => Item {
  const { ProjectionExpression: text, ExpressionAttributeNames } = input;
  const placeholders = readPlaceholders(
    { ExpressionAttributeNames },
    text === undefined ? "ProjectionExpression is null" : undefined,
  );
  const paths = text === undefined ? undefined : bindProjection(expressions, text, placeholders);
  placeholders.checkAllUsed();
  return (item) => (paths === undefined ? item : projectPaths(item, paths));
}

/** The paths of a ProjectionExpression. Throws ValidationException when they overlap. */
export function bindProjection(
  expressions: ParsedExpressions,
  text: string,
  placeholders: Placeholders,
): readonly ResolvedPath[] {
  const parsed = expressions.projection(text);
  placeholders.use(parsed);
  const paths = parsed.tree.map((path) => placeholders.resolve(path));
  checkPathsDistinct("ProjectionExpression", paths);
  return paths;
}
