import { createRequire } from "node:module";
import type { Items, Resources, Sql } from "@rondo/store";
import { awsError, type Constraints, type RequestContext, type SdkModule, type ServiceDefinition } from "@rondo/wire";
import { createBatchGetItem } from "./batch-get-item.ts";
import { createBatchWriteItem } from "./batch-write-item.ts";
import type { DynamoDbDependencies } from "./dynamodb-dependencies.ts";
import { createParsedExpressions } from "./expression/parsed-expressions.ts";
import { createItemOperations } from "./item.ts";
import { createItemRequests } from "./item-requests.ts";
import { createQueryOperations } from "./query.ts";
import { createTableOperations, tableConstraints } from "./table.ts";
import { createTableTagOperations, tableTagConstraints } from "./table-tags.ts";
import { createTableFinder } from "./tables.ts";
import { createTimeToLiveOperations, timeToLiveConstraints } from "./time-to-live.ts";
import { createTransactionOperations, transactionConstraints } from "./transaction.ts";

const require = createRequire(import.meta.url);

export interface DynamoDbServiceDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly items: Items;
  readonly clock: { now(): Date };
}

/** DynamoDB: every operation of it that Rondo answers. */
export function createDynamoDbService(ports: DynamoDbServiceDependencies): ServiceDefinition {
  const expressions = createParsedExpressions();
  const dependencies: DynamoDbDependencies = {
    ...ports,
    expressions,
    tables: createTableFinder(ports),
    requests: createItemRequests(expressions),
  };
  const table = createTableOperations(dependencies);
  const item = createItemOperations(dependencies);
  const reading = createQueryOperations(dependencies);
  const transaction = createTransactionOperations(dependencies);
  const timeToLive = createTimeToLiveOperations(dependencies);
  const tags = createTableTagOperations(dependencies);
  return {
    id: "dynamodb",
    signingName: "dynamodb",
    targetPrefix: "DynamoDB_20120810",
    protocols: ["aws-json"],
    load: () => require("@aws-sdk/client-dynamodb") as SdkModule,
    client: "DynamoDBClient",
    operations: {
      CreateTable: table.create,
      DescribeTable: table.describe,
      UpdateTable: table.update,
      DeleteTable: table.remove,
      ListTables: table.list,
      PutItem: item.putItem,
      GetItem: item.getItem,
      UpdateItem: item.updateItem,
      DeleteItem: item.deleteItem,
      BatchGetItem: createBatchGetItem(dependencies),
      BatchWriteItem: createBatchWriteItem(dependencies),
      Query: reading.query,
      Scan: reading.scan,
      TransactWriteItems: transaction.transactWriteItems,
      TransactGetItems: transaction.transactGetItems,
      UpdateTimeToLive: timeToLive.updateTimeToLive,
      DescribeTimeToLive: timeToLive.describeTimeToLive,
      TagResource: tags.tagResource,
      UntagResource: tags.untagResource,
      ListTagsOfResource: tags.listTagsOfResource,
      DescribeEndpoints: describeEndpoints,
      ExecuteStatement: refusePartiQl,
      BatchExecuteStatement: refusePartiQl,
      ExecuteTransaction: refusePartiQl,
    },
    constraints: {
      ...tableConstraints,
      ...itemConstraints,
      ...transactionConstraints,
      ...timeToLiveConstraints,
      ...tableTagConstraints,
    },
    notHonoured,
  };
}

function describeEndpoints(_input: object, _caller: object, { origin }: RequestContext) {
  return { Endpoints: [{ Address: new URL(origin).host, CachePeriodInMinutes: 1440 }] };
}

function refusePartiQl(): never {
  throw awsError("ValidationException", "PartiQL is not supported here; use the operations on items.");
}

const itemConstraints: Constraints = {
  "QueryInput.Limit": { min: 1 },
  "ScanInput.Limit": { min: 1 },
  "ScanInput.Segment": { min: 0, max: 999_999 },
  "ScanInput.TotalSegments": { min: 1, max: 1_000_000 },
  "BatchGetItemInput.RequestItems": { min: 1, max: 100 },
  "KeysAndAttributes.Keys": { min: 1 },
  "BatchWriteItemInput.RequestItems": { min: 1, max: 25 },
  "BatchWriteItemInput.RequestItems{value}": { min: 1, max: 25 },
};

const legacy =
  "Expected, ConditionalOperator, AttributeUpdates, KeyConditions, QueryFilter, ScanFilter and AttributesToGet are refused: expressions say the same.";

const notHonoured: Readonly<Record<string, string>> = {
  CreateTable:
    "Throughput is shown, not enforced. SSESpecification, ResourcePolicy, WarmThroughput and VectorIndexes are not stored; streams are refused.",
  UpdateTable:
    "Throughput is shown, not enforced. SSESpecification, WarmThroughput and the settings of replicas are not stored; streams and global tables are refused.",
  PutItem: `${legacy} ReturnItemCollectionMetrics is ignored.`,
  UpdateItem: `${legacy} ReturnItemCollectionMetrics is ignored.`,
  DeleteItem: `${legacy} ReturnItemCollectionMetrics is ignored.`,
  GetItem: `${legacy} Every read is consistent.`,
  BatchGetItem: `${legacy} Every read is consistent.`,
  BatchWriteItem: "ReturnItemCollectionMetrics is ignored.",
  Query: `${legacy} Every read is consistent, on secondary indexes too.`,
  Scan: `${legacy} Every read is consistent, on secondary indexes too.`,
  TransactWriteItems: "ReturnItemCollectionMetrics is ignored.",
  ExecuteStatement: "Refused.",
  BatchExecuteStatement: "Refused.",
  ExecuteTransaction: "Refused.",
};
