import { CreateSchemaCommand, type Domain, type PersonalizeClient } from "@aws-sdk/client-personalize";
import type { ResourceKind } from "@rondo/control";
import { systemClock } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { caller } from "../../sagemaker/testing/job-house.ts";
import { createDatasetKinds } from "../dataset-kinds.ts";
import { openDatasetHouse } from "./dataset-house.ts";
import { startPersonalize } from "./personalize-house.ts";

/** Personalize with the kinds of datasets and their jobs, on a free port; the group `shop` and the bucket `data` are there. `kinds`: others than these. */
export async function startDatasetServer(kinds?: readonly ResourceKind<object>[]) {
  const sql = await openTestSql();
  const house = await openDatasetHouse(sql, systemClock);
  const all = kinds ?? createDatasetKinds({ ...house.kindDependencies, datasetRecords: house.records });
  const server = await startPersonalize(sql, house, all);
  return { ...server, house, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

export type DatasetServer = Awaited<ReturnType<typeof startDatasetServer>>;

/** The ARN of a resource of the caller's: `arnOf("schema/clicks")`. */
export function arnOf(path: string): string {
  return `arn:aws:personalize:${caller.region}:${caller.accountId}:${path}`;
}

type AvroField = Readonly<Record<string, unknown>>;

export const USER_ID: AvroField = { name: "USER_ID", type: "string" };
export const AGE: AvroField = { name: "AGE", type: ["null", "int"] };

/** The text of a schema. */
export function avro(name: string, fields: readonly AvroField[]): string {
  return JSON.stringify({
    type: "record",
    name,
    namespace: "com.amazonaws.personalize.schema",
    fields,
    version: "1.0",
  });
}

/** A schema of users with these fields besides USER_ID, which is called `name`; its ARN. */
export async function createUsersSchema(
  client: PersonalizeClient,
  name: string,
  fields: readonly AvroField[] = [AGE],
  domain?: Domain,
): Promise<string> {
  const schema = avro("Users", [USER_ID, ...fields]);
  const { schemaArn = "" } = await client.send(new CreateSchemaCommand({ name, schema, domain }));
  return schemaArn;
}
