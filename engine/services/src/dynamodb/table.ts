import type {
  CreateTableInput,
  CreateTableOutput,
  DeleteTableInput,
  DeleteTableOutput,
  DescribeTableInput,
  DescribeTableOutput,
  ListTablesInput,
  ListTablesOutput,
  UpdateTableInput,
  UpdateTableOutput,
} from "@aws-sdk/client-dynamodb";
import { type Resource, StoreError } from "@rondo/store";
import type { Caller, Constraints } from "@rondo/wire";
import { newTable } from "./create-table.ts";
import { describeTable } from "./describe-table.ts";
import type { DynamoDbDependencies } from "./dynamodb-dependencies.ts";
import { TABLE_TYPE, type TableBody } from "./table-definition.ts";
import { writeTableTags } from "./table-tags.ts";
import { tableArn } from "./tables.ts";
import { updatedTable } from "./update-table.ts";
import { validationError } from "./validation-error.ts";
import { inUse, writeTable } from "./write-table.ts";

const MAX_LISTED = 100;

/** CreateTable, DescribeTable, UpdateTable, DeleteTable and ListTables. */
export function createTableOperations(dependencies: DynamoDbDependencies) {
  const { sql, resources, items, tables } = dependencies;

  async function create(input: CreateTableInput, caller: Caller): Promise<CreateTableOutput> {
    const name = input.TableName ?? "";
    const { accountId, region } = caller;
    const body = newTable(input);
    try {
      const table = await sql.transaction(async (transaction) => {
        const inserted = await resources.insert<TableBody>(
          { type: TABLE_TYPE, accountId, region, name, arn: tableArn(caller, name), status: "ACTIVE", body },
          transaction,
        );
        await writeTableTags(transaction, inserted, input.Tags);
        return inserted;
      });
      return { TableDescription: await describeTable(items, table) };
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "AlreadyExists") throw error;
      throw inUse(`Table already exists: ${name}`);
    }
  }

  async function describe(input: DescribeTableInput, caller: Caller): Promise<DescribeTableOutput> {
    return { Table: await describeTable(items, await tables.require(caller, input.TableName)) };
  }

  async function update(input: UpdateTableInput, caller: Caller): Promise<UpdateTableOutput> {
    const table = await tables.require(caller, input.TableName);
    if (table.status !== "ACTIVE") {
      throw inUse(`Attempt to change a resource which is still in use: Table is being ${verb(table)}: ${table.name}`);
    }
    const body = updatedTable(table.body, input);
    const hasWork = body.indexes.some(({ status }) => status !== "ACTIVE");
    const written = await writeTable(resources, table, hasWork ? { body, status: "UPDATING", due: "now" } : { body });
    return { TableDescription: await describeTable(items, written) };
  }

  async function remove(input: DeleteTableInput, caller: Caller): Promise<DeleteTableOutput> {
    const table = await tables.require(caller, input.TableName);
    if (table.status === "DELETING") {
      throw inUse(`Attempt to change a resource which is still in use: Table is being deleted: ${table.name}`);
    }
    if (table.body.deletionProtectionEnabled) {
      throw validationError(
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
      );
    }
    return {
      TableDescription: await describeTable(
        items,
        await writeTable(resources, table, { status: "DELETING", due: "now" }),
      ),
    };
  }

  async function list(input: ListTablesInput, caller: Caller): Promise<ListTablesOutput> {
    const limit = input.Limit ?? MAX_LISTED;
    const rows = await sql.query<{ name: string }>(
      `select name from resource where account_id = $1 and region = $2 and type = $3 and name > $4 order by name limit $5`,
      [caller.accountId, caller.region, TABLE_TYPE, input.ExclusiveStartTableName ?? "", limit + 1],
    );
    const names = rows.slice(0, limit).map(({ name }) => name);
    const last = rows.length > limit ? names.at(-1) : undefined;
    return { TableNames: names, ...(last !== undefined && { LastEvaluatedTableName: last }) };
  }

  return { create, describe, update, remove, list };
}

function verb({ status }: Pick<Resource, "status">): string {
  return status === "DELETING" ? "deleted" : "updated";
}

const TABLE_NAME = { min: 3, max: 255, pattern: "[a-zA-Z0-9_.-]+" };
const TABLE_NAME_OR_ARN = { min: 1, max: 1024 };
const THROUGHPUT = { min: 1 };

export const tableConstraints: Constraints = {
  "CreateTableInput.TableName": TABLE_NAME,
  "DescribeTableInput.TableName": TABLE_NAME_OR_ARN,
  "UpdateTableInput.TableName": TABLE_NAME_OR_ARN,
  "DeleteTableInput.TableName": TABLE_NAME_OR_ARN,
  "ListTablesInput.Limit": { min: 1, max: 100 },
  "ListTablesInput.ExclusiveStartTableName": TABLE_NAME,
  "KeySchemaElement.AttributeName": { min: 1, max: 255 },
  "AttributeDefinition.AttributeName": { min: 1, max: 255 },
  "ProvisionedThroughput.ReadCapacityUnits": THROUGHPUT,
  "ProvisionedThroughput.WriteCapacityUnits": THROUGHPUT,
  "Projection.NonKeyAttributes": { min: 1, max: 20 },
};
