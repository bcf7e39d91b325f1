import type { QueryInput, QueryOutput, ScanInput, ScanOutput } from "@aws-sdk/client-dynamodb";
import type { Caller } from "@rondo/wire";
import { type Item, toSdkItem } from "./attribute-value.ts";
import { describeCapacity, readUnits } from "./consumed-capacity.ts";
import type { DynamoDbDependencies } from "./dynamodb-dependencies.ts";
import { bindCondition } from "./expression/bind-condition.ts";
import { bindKeyCondition } from "./expression/bind-key-condition.ts";
import type { ResolvedPath } from "./expression/document-path.ts";
import { type Placeholders, readPlaceholders } from "./expression/placeholders.ts";
import { projectPaths } from "./expression/project.ts";
import type { KeySchema } from "./item-key.ts";
import { refuseLegacyParameters } from "./legacy-parameters.ts";
import { type ReadPlan, type ReadResult, readPages } from "./read-pages.ts";
import { bindProjection } from "./read-projection.ts";
import { scanRange } from "./scan-segments.ts";
import type { IndexDefinition, TableDefinition } from "./table-definition.ts";
import { validationError } from "./validation-error.ts";

type ReadInput = QueryInput | ScanInput;

/** Query and Scan: the first by a range of keys, the second by segments of all keys; the rest is the same. */
export function createQueryOperations({ items, tables, expressions }: DynamoDbDependencies) {
  async function query(input: QueryInput, caller: Caller): Promise<QueryOutput> {
    refuseLegacyParameters(input);
    const { KeyConditionExpression: keyText, ScanIndexForward: isForward = true } = input;
    if (keyText === undefined) {
      throw validationError(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
      );
    }
    const placeholders = readPlaceholders(input);
    const keyCondition = expressions.condition("KeyConditionExpression", keyText);
    return await tables.use(caller, input.TableName, async (table) => {
      const index = findIndex(table, input);
      const key = index?.key ?? table.key;
      const range = bindKeyCondition(keyCondition, key, placeholders);
      return await read(input, placeholders, { table, index, range, direction: isForward ? "forward" : "backward" });
    });
  }

  async function scan(input: ScanInput, caller: Caller): Promise<ScanOutput> {
    refuseLegacyParameters(input);
    const hasExpression = input.FilterExpression !== undefined || input.ProjectionExpression !== undefined;
    const placeholders = readPlaceholders(input, hasExpression ? undefined : "FilterExpression is null");
    const range = scanRange(input);
    return await tables.use(caller, input.TableName, async (table) => {
      const index = findIndex(table, input);
      return await read(input, placeholders, { table, index, range, direction: "forward" });
    });
  }

  async function read(
    input: ReadInput,
    placeholders: Placeholders,
    where: Pick<ReadPlan, "table" | "index" | "range" | "direction">,
  ): Promise<QueryOutput> {
    const { table, index } = where;
    const filter =
      input.FilterExpression === undefined
        ? undefined
        : bindCondition(expressions.condition("FilterExpression", input.FilterExpression), placeholders);
    if ("KeyConditionExpression" in input) checkFilter(input, index?.key ?? table.key, placeholders);
    const paths =
      input.ProjectionExpression === undefined
        ? undefined
        : bindProjection(expressions, input.ProjectionExpression, placeholders);
    placeholders.checkAllUsed();
    const selection = readSelection(input, where, paths);
    const result = await readPages(items, {
      ...where,
      limit: input.Limit,
      startKey: input.ExclusiveStartKey,
      filter,
      fetchesAll: selection.fetchesAll,
    });
    return describeResult(input, where, { result, paths, isCount: selection.isCount });
  }

  /** AWS does not let a filter look at what the key condition decides. */
  function checkFilter(input: QueryInput, key: KeySchema, placeholders: Placeholders): void {
    if (input.FilterExpression === undefined) return;
    const parsed = expressions.condition("FilterExpression", input.FilterExpression);
    const names = [key.hash.name, key.range?.name];
    const used = parsed.paths.map((path) => placeholders.resolve(path)[0]).find((name) => names.includes(name));
    if (used === undefined) return;
    throw validationError(
      `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${used}`,
    );
  }

  return { query, scan };
}

function findIndex(table: TableDefinition, input: ReadInput): IndexDefinition | undefined {
  if (input.IndexName === undefined) return undefined;
  const index = table.indexes.find(({ name }) => name === input.IndexName);
  if (index === undefined) {
    throw validationError(`The table does not have the specified index: ${input.IndexName}`);
  }
  if (!index.isQueryable) {
    throw validationError(`Cannot read from backfilling global secondary index: ${index.name}`);
  }
  if (input.ConsistentRead === true && index.kind === "global") {
    throw validationError("Consistent reads are not supported on global secondary indexes");
  }
  return index;
}

/** What Select, the projection and the index together mean. */
function readSelection(
  { Select: select, ProjectionExpression: projection }: ReadInput,
  { table, index }: Pick<ReadPlan, "table" | "index">,
  paths: readonly ResolvedPath[] | undefined,
): { readonly isCount: boolean; readonly fetchesAll: boolean } {
  if (projection !== undefined && select !== undefined && select !== "SPECIFIC_ATTRIBUTES") {
    throw validationError(`Cannot specify the ProjectionExpression when choosing to get ${describeSelect(select)}`);
  }
  if (select === "SPECIFIC_ATTRIBUTES" && projection === undefined) {
    throw validationError(
      "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
    );
  }
  if (select === "ALL_PROJECTED_ATTRIBUTES" && index === undefined) {
    throw validationError("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  }
  const isCount = select === "COUNT";
  if (index === undefined || index.projection.ProjectionType === "ALL") return { isCount, fetchesAll: false };
  const lacking = select === "ALL_ATTRIBUTES" || paths?.some(([name]) => !isProjected(table, index, name)) === true;
  if (lacking && index.kind === "global") {
    throw validationError(
      select === "ALL_ATTRIBUTES"
        ? `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`
        : `One or more parameter values were invalid: Global secondary index ${index.name} does not project ${paths
            ?.map(([name]) => name)
            .filter((name) => !isProjected(table, index, name))
            .join(", ")}`,
    );
  }
  return { isCount, fetchesAll: lacking };
}

function isProjected(table: TableDefinition, { key, projection }: IndexDefinition, name: string): boolean {
  const keys = [table.key, key].flatMap(({ hash, range }) => [hash.name, range?.name]);
  return keys.includes(name) || projection.NonKeyAttributes?.includes(name) === true;
}

function describeSelect(select: string): string {
  return select === "COUNT" ? "only the Count" : select;
}

function describeResult(
  input: ReadInput,
  { table, index }: Pick<ReadPlan, "table" | "index">,
  {
    result,
    paths,
    isCount,
  }: { readonly result: ReadResult; readonly paths: readonly ResolvedPath[] | undefined; readonly isCount: boolean },
): QueryOutput {
  const { found, scannedCount, scannedBytes, lastKey } = result;
  const shown = (item: Item): Item => (paths === undefined ? item : projectPaths(item, paths));
  const units = readUnits(scannedBytes, { isConsistent: input.ConsistentRead });
  const capacity = describeCapacity(
    input.ReturnConsumedCapacity,
    table,
    index === undefined ? { table: units, indexes: new Map() } : { table: 0, indexes: new Map([[index, units]]) },
  );
  return {
    ...(!isCount && { Items: found.map((item) => toSdkItem(shown(item))) }),
    Count: found.length,
    ScannedCount: scannedCount,
    ...(lastKey && { LastEvaluatedKey: toSdkItem(lastKey) }),
    ...(capacity && { ConsumedCapacity: capacity }),
  };
}
