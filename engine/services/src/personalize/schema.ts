import type {
  CreateSchemaRequest,
  CreateSchemaResponse,
  DatasetSchemaSummary,
  DeleteSchemaRequest,
  DescribeSchemaRequest,
  DescribeSchemaResponse,
  Domain,
  ListSchemasRequest,
  ListSchemasResponse,
} from "@aws-sdk/client-personalize";
import { type DatasetSchema, parseSchema, SchemaError } from "@rondo/personalize";
import type { Owner, Resource, Resources, SqlConnection } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import { refuseBeyond } from "./account-limit.ts";
import {
  insertPersonalize,
  listPersonalize,
  type PersonalizeStore,
  requirePersonalize,
} from "./personalize-resource.ts";
import { refuseInUse } from "./resource-use.ts";

/** A schema, less what stands in the row's own columns. */
export interface SchemaBody {
  /** As it was created. */
  readonly schema: string;
  readonly domain?: Domain | undefined;
}

export type Schema = Resource<SchemaBody>;

/** AWS's, of an account and region. */
const MAX_SCHEMAS = 500;

/** CreateSchema, DescribeSchema, ListSchemas and DeleteSchema. */
export function createSchemaOperations(dependencies: PersonalizeStore) {
  const { sql, resources } = dependencies;
  const refTo = (arn: string | undefined) => ({ type: "schema", arn }) as const;

  async function createSchema(
    { name = "", schema = "", domain }: CreateSchemaRequest,
    caller: Caller,
  ): Promise<CreateSchemaResponse> {
    parseSchemaText(schema, domain);
    await refuseBeyond(sql, caller, { type: "schema", max: MAX_SCHEMAS });
    const row = { type: "schema", name, status: "ACTIVE", body: { schema, domain } satisfies SchemaBody } as const;
    return { schemaArn: (await insertPersonalize(dependencies, caller, row)).arn };
  }

  async function describeSchema({ schemaArn }: DescribeSchemaRequest, caller: Caller): Promise<DescribeSchemaResponse> {
    const schema = await requirePersonalize<SchemaBody>(resources, caller, refTo(schemaArn));
    return { schema: { ...summarize(schema), schema: schema.body.schema } };
  }

  async function listSchemas(input: ListSchemasRequest, caller: Caller): Promise<ListSchemasResponse> {
    const page = await listPersonalize<SchemaBody>(resources, caller, "schema", input);
    return { schemas: page.resources.map(summarize), nextToken: page.nextToken };
  }

  async function deleteSchema({ schemaArn }: DeleteSchemaRequest, caller: Caller): Promise<void> {
    await sql.transaction(async (transaction) => {
      const schema = await requirePersonalize(resources, caller, refTo(schemaArn), transaction);
      await refuseInUse(transaction, schema, [{ type: "dataset", bodyContains: { schemaArn } }]);
      await resources.delete(schema, transaction);
    });
  }

  return { createSchema, describeSchema, listSchemas, deleteSchema };
}

/** What a schema's text says. Throws InvalidInputException, which names the field and what it needs. */
export function parseSchemaText(text: string, domain: Domain | undefined): DatasetSchema {
  try {
    return parseSchema(text, { domain });
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw awsError("InvalidInputException", error.message);
  }
}

/** What a schema says, for a dataset group of the domain; locked until the transaction ends. Throws InvalidInputException for one of another domain. */
export async function requireSchema(
  resources: Pick<Resources, "find" | "findForUpdate">,
  owner: Owner,
  { schemaArn, domain }: { readonly schemaArn: string; readonly domain: Domain | undefined },
  transaction: SqlConnection,
): Promise<DatasetSchema> {
  const ref = { type: "schema", arn: schemaArn } as const;
  const { body } = await requirePersonalize<SchemaBody>(resources, owner, ref, transaction);
  if (body.domain === domain) return parseSchemaText(body.schema, domain);
  const isOf = (of: Domain | undefined) => (of === undefined ? "has no domain" : `is of the domain ${of}`);
  throw awsError(
    "InvalidInputException",
    `The schema ${schemaArn} ${isOf(body.domain)}, and the dataset group ${isOf(domain)}. Create the schema with the group's domain.`,
  );
}

function summarize({ name, arn, createdAt, updatedAt, body }: Schema): DatasetSchemaSummary {
  return { name, schemaArn: arn, domain: body.domain, creationDateTime: createdAt, lastUpdatedDateTime: updatedAt };
}
