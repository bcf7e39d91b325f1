import type { GlobalSecondaryIndexUpdate, UpdateTableInput } from "@aws-sdk/client-dynamodb";
import { awsError } from "@rondo/wire";
import { checkIndexes, checkThroughput, newIndex } from "./create-table.ts";
import type { IndexBody, TableBody } from "./table-definition.ts";
import { invalidParameter, validationError } from "./validation-error.ts";

/** What UpdateTable makes of a table's row: an index that it adds is CREATING, one that it deletes is DELETING, the rest holds at once. */
export function updatedTable(table: TableBody, input: UpdateTableInput): TableBody {
  refuseWhatIsMissing(input);
  const billingMode = input.BillingMode ?? table.billingMode;
  const provisionedThroughput =
    billingMode === "PAY_PER_REQUEST" ? undefined : (input.ProvisionedThroughput ?? table.provisionedThroughput);
  if (input.BillingMode !== undefined || input.ProvisionedThroughput !== undefined) {
    checkThroughput(billingMode, billingMode === "PROVISIONED" ? provisionedThroughput : input.ProvisionedThroughput);
  }
  const changed: TableBody = {
    ...table,
    billingMode,
    provisionedThroughput,
    onDemandThroughput: input.OnDemandThroughput ?? table.onDemandThroughput,
    tableClass: input.TableClass ?? table.tableClass,
    deletionProtectionEnabled: input.DeletionProtectionEnabled ?? table.deletionProtectionEnabled,
    attributeDefinitions: mergedAttributes(table, input),
  };
  return (input.GlobalSecondaryIndexUpdates ?? []).reduce(applyIndexUpdate, changed);
}

function refuseWhatIsMissing(input: UpdateTableInput): void {
  if (input.StreamSpecification?.StreamEnabled === true) throw validationError("Streams are not supported here.");
  if (input.ReplicaUpdates !== undefined) throw validationError("Global tables are not supported here.");
  const { TableName: _, AttributeDefinitions: __, ...changes } = input;
  if (Object.values(changes).every((value) => value === undefined)) {
    throw invalidParameter(
      "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required",
    );
  }
  const indexChanges = (input.GlobalSecondaryIndexUpdates ?? []).filter((change) => change.Create ?? change.Delete);
  if (indexChanges.length > 1) {
    throw awsError(
      "LimitExceededException",
      "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
    );
  }
}

function mergedAttributes(table: TableBody, input: UpdateTableInput): TableBody["attributeDefinitions"] {
  const given = input.AttributeDefinitions ?? [];
  const names = new Set(given.map(({ AttributeName }) => AttributeName));
  const kept = table.attributeDefinitions.filter(({ AttributeName }) => !names.has(AttributeName));
  for (const { AttributeName, AttributeType } of table.attributeDefinitions) {
    const again = given.find((attribute) => attribute.AttributeName === AttributeName);
    if (again !== undefined && again.AttributeType !== AttributeType) {
      throw invalidParameter(`Attribute ${AttributeName} is a key of type ${AttributeType} and cannot be redefined`);
    }
  }
  return [...kept, ...given];
}

function applyIndexUpdate(table: TableBody, { Create, Update, Delete }: GlobalSecondaryIndexUpdate): TableBody {
  if (Create !== undefined) {
    const id = table.lastIndexId + 1;
    const index: IndexBody = { ...newIndex("global", Create, id), status: "CREATING" };
    if (table.indexes.some(({ name }) => name === index.name)) {
      throw validationError(`Attempting to create an index which already exists: ${index.name}`);
    }
    checkThroughput(table.billingMode, index.provisionedThroughput, index.name);
    const indexes = [...table.indexes, index];
    checkIndexes(indexes, table.attributeDefinitions);
    return { ...table, indexes, lastIndexId: id };
  }
  const name = Update?.IndexName ?? Delete?.IndexName;
  const index = table.indexes.find((one) => one.name === name && one.kind === "global");
  if (index === undefined) {
    throw awsError("ResourceNotFoundException", `Requested resource not found: Index: ${name} not found`);
  }
  const replaced: IndexBody =
    Delete === undefined
      ? { ...index, provisionedThroughput: Update?.ProvisionedThroughput ?? index.provisionedThroughput }
      : { ...index, status: "DELETING" };
  return { ...table, indexes: table.indexes.map((one) => (one === index ? replaced : one)) };
}
