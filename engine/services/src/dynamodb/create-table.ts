import { randomUUID } from "node:crypto";
import type {
  AttributeDefinition,
  CreateTableInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
  LocalSecondaryIndex,
  Projection,
} from "@aws-sdk/client-dynamodb";
import type { IndexBody, TableBody } from "./table-definition.ts";
import { invalidParameter, validationError } from "./validation-error.ts";

const MAX_GLOBAL_INDEXES = 20;
const MAX_LOCAL_INDEXES = 5;
/** Of all indexes together, when they INCLUDE attributes. */
const MAX_INCLUDED = 100;

/** A new table's row. Throws ValidationException for schemas that do not fit together, as AWS does. */
export function newTable(input: CreateTableInput): TableBody {
  const { AttributeDefinitions: attributes = [], KeySchema: keySchema = [] } = input;
  const billingMode = input.BillingMode ?? "PROVISIONED";
  if (input.StreamSpecification?.StreamEnabled === true) throw validationError("Streams are not supported here.");
  checkThroughput(billingMode, input.ProvisionedThroughput);
  checkKeySchema(keySchema, attributes);
  const locals = (input.LocalSecondaryIndexes ?? []).map((index, at) => newIndex("local", index, at + 1));
  const globals = (input.GlobalSecondaryIndexes ?? []).map((index, at) =>
    newIndex("global", index, locals.length + at + 1),
  );
  checkLocalIndexes(locals, keySchema);
  if (globals.length > MAX_GLOBAL_INDEXES) {
    throw invalidParameter(`GlobalSecondaryIndex count exceeds the per-table limit of ${MAX_GLOBAL_INDEXES}`);
  }
  const indexes = [...locals, ...globals];
  checkIndexes(indexes, attributes);
  checkAttributesUsed(attributes, [keySchema, ...indexes.map((index) => index.keySchema)]);
  for (const index of globals) checkThroughput(billingMode, index.provisionedThroughput, index.name);
  return {
    tableId: randomUUID(),
    attributeDefinitions: attributes,
    keySchema,
    billingMode,
    provisionedThroughput: input.ProvisionedThroughput,
    onDemandThroughput: input.OnDemandThroughput,
    tableClass: input.TableClass,
    deletionProtectionEnabled: input.DeletionProtectionEnabled ?? false,
    indexes,
    lastIndexId: indexes.length,
  };
}

/** An index of a new table, which is complete from the beginning. */
export function newIndex(
  kind: IndexBody["kind"],
  input: GlobalSecondaryIndex | LocalSecondaryIndex,
  id: number,
): IndexBody {
  const { IndexName: name = "", KeySchema: keySchema = [], Projection: projection = {} } = input;
  checkName(name);
  checkProjection(projection);
  const throughput = "ProvisionedThroughput" in input ? input.ProvisionedThroughput : undefined;
  return { id, name, kind, keySchema, projection, provisionedThroughput: throughput, status: "ACTIVE" };
}

/** Names, keys and projections of all indexes of a table. */
export function checkIndexes(indexes: readonly IndexBody[], attributes: readonly AttributeDefinition[]): void {
  const names = indexes.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw invalidParameter(`Duplicate index name: ${twice}`);
  for (const { keySchema } of indexes) checkKeySchema(keySchema, attributes);
  const included = indexes.reduce((count, { projection }) => count + (projection.NonKeyAttributes?.length ?? 0), 0);
  if (included > MAX_INCLUDED) {
    throw invalidParameter(`Number of NonKeyAttributes exceeds the limit of ${MAX_INCLUDED}: ${included}`);
  }
}

export function checkKeySchema(schema: readonly KeySchemaElement[], attributes: readonly AttributeDefinition[]): void {
  const [first, second, ...more] = schema;
  if (first?.KeyType !== "HASH") throw invalidKeySchema("The first KeySchemaElement is not a HASH key type");
  if (second !== undefined && second.KeyType !== "RANGE") {
    throw invalidKeySchema("The second KeySchemaElement is not a RANGE key type");
  }
  if (more.length > 0) throw invalidKeySchema("Key Schema has more than two elements");
  if (first.AttributeName === second?.AttributeName) {
    throw invalidParameter("Both the Hash Key and the Range Key element in the KeySchema have the same name");
  }
  const defined = attributes.map(({ AttributeName }) => AttributeName);
  if (new Set(defined).size < defined.length) {
    const twice = defined.find((name, at) => defined.indexOf(name) !== at);
    throw invalidParameter(`Duplicate AttributeName in AttributeDefinitions: ${twice}`);
  }
  const keys = schema.map(({ AttributeName }) => AttributeName);
  if (keys.some((key) => !defined.includes(key))) {
    throw invalidParameter(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: [${keys.join(", ")}], AttributeDefinitions: [${defined.join(", ")}]`,
    );
  }
}

export function checkAttributesUsed(
  attributes: readonly AttributeDefinition[],
  schemas: readonly (readonly KeySchemaElement[])[],
): void {
  const used = new Set(schemas.flatMap((schema) => schema.map(({ AttributeName }) => AttributeName)));
  if (attributes.some(({ AttributeName }) => !used.has(AttributeName))) {
    throw invalidParameter(
      "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions",
    );
  }
}

/** PROVISIONED needs a throughput, PAY_PER_REQUEST forbids it. It is shown, not enforced. */
export function checkThroughput(billingMode: string, throughput: object | undefined, index?: string): void {
  if (billingMode === "PAY_PER_REQUEST" && throughput !== undefined) {
    throw invalidParameter(
      index === undefined
        ? "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
        : `ProvisionedThroughput should not be specified for index: ${index} when BillingMode is PAY_PER_REQUEST`,
    );
  }
  if (billingMode === "PROVISIONED" && throughput === undefined) {
    throw index === undefined
      ? invalidParameter(
          "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
        )
      : invalidParameter(`ProvisionedThroughput is not specified for index: ${index}`);
  }
}

function checkLocalIndexes(indexes: readonly IndexBody[], table: readonly KeySchemaElement[]): void {
  if (indexes.length === 0) return;
  if (indexes.length > MAX_LOCAL_INDEXES) {
    throw invalidParameter(`Number of LocalSecondaryIndexes exceeds per-table limit of ${MAX_LOCAL_INDEXES}`);
  }
  if (table.length < 2) {
    throw invalidParameter(
      "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
    );
  }
  for (const { name, keySchema } of indexes) {
    if (keySchema[0]?.AttributeName !== table[0]?.AttributeName) {
      throw invalidParameter(
        `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${name}. ` +
          `index hash key: ${keySchema[0]?.AttributeName}, table hash key: ${table[0]?.AttributeName}`,
      );
    }
    if (keySchema.length < 2) throw invalidParameter(`Index KeySchema does not have a range key for index: ${name}`);
  }
}

function checkProjection({ ProjectionType: type, NonKeyAttributes: included }: Projection): void {
  if (type === undefined) throw invalidParameter("Unknown ProjectionType: null");
  if (type === "INCLUDE" && (included?.length ?? 0) === 0) {
    throw invalidParameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
  }
  if (type !== "INCLUDE" && included !== undefined) {
    throw invalidParameter(`ProjectionType is ${type}, but NonKeyAttributes is specified`);
  }
}

function checkName(name: string): void {
  if (/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) return;
  throw validationError(
    "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain only " +
      "the characters a-z, A-Z, 0-9, '_', '-', and '.'",
  );
}

function invalidKeySchema(detail: string): Error {
  return validationError(`Invalid KeySchema: ${detail}`);
}
