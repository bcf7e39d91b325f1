import type { ProvisionedThroughput, TableDescription } from "@aws-sdk/client-dynamodb";
import type { ItemCount, Items, Resource } from "@rondo/store";
import type { IndexBody, TableBody } from "./table-definition.ts";

/** A table as DescribeTable and its like answer. Counts are exact up to what is being written. */
export async function describeTable(
  items: Pick<Items, "countItems">,
  table: Resource<TableBody>,
): Promise<TableDescription> {
  const { body } = table;
  const counts = await items.countItems(table.id);
  const total = counts.get(0);
  const ofKind = (kind: IndexBody["kind"]) => {
    const described = body.indexes
      .filter((index) => index.kind === kind)
      .map((index) => describeIndex(table, index, counts.get(index.id)));
    return described.length === 0 ? undefined : described;
  };
  return {
    TableName: table.name,
    TableArn: table.arn,
    TableId: body.tableId,
    TableStatus: table.status as NonNullable<TableDescription["TableStatus"]>,
    CreationDateTime: table.createdAt,
    AttributeDefinitions: [...body.attributeDefinitions],
    KeySchema: [...body.keySchema],
    BillingModeSummary: body.billingMode === "PAY_PER_REQUEST" ? { BillingMode: body.billingMode } : undefined,
    ProvisionedThroughput: describeThroughput(body.provisionedThroughput),
    OnDemandThroughput: body.onDemandThroughput,
    TableClassSummary: body.tableClass === undefined ? undefined : { TableClass: body.tableClass as "STANDARD" },
    DeletionProtectionEnabled: body.deletionProtectionEnabled,
    ItemCount: Math.max(0, total?.items ?? 0),
    TableSizeBytes: Math.max(0, total?.bytes ?? 0),
    GlobalSecondaryIndexes: ofKind("global"),
    LocalSecondaryIndexes: ofKind("local"),
  };
}

function describeIndex({ arn }: Resource<TableBody>, index: IndexBody, count: ItemCount | undefined) {
  const described = {
    IndexName: index.name,
    IndexArn: `${arn}/index/${index.name}`,
    KeySchema: [...index.keySchema],
    Projection: index.projection,
    ItemCount: Math.max(0, count?.items ?? 0),
    IndexSizeBytes: Math.max(0, count?.bytes ?? 0),
  };
  if (index.kind === "local") return described;
  return {
    ...described,
    IndexStatus: index.status,
    Backfilling: index.status === "CREATING" ? true : undefined,
    ProvisionedThroughput: describeThroughput(index.provisionedThroughput),
  };
}

function describeThroughput(throughput: ProvisionedThroughput | undefined) {
  return {
    NumberOfDecreasesToday: 0,
    ReadCapacityUnits: throughput?.ReadCapacityUnits ?? 0,
    WriteCapacityUnits: throughput?.WriteCapacityUnits ?? 0,
  };
}
