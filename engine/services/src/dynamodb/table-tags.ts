import type {
  ListTagsOfResourceInput,
  ListTagsOfResourceOutput,
  Tag,
  TagResourceInput,
  UntagResourceInput,
} from "@aws-sdk/client-dynamodb";
import type { Resource, SqlConnection } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import type { DynamoDbDependencies } from "./dynamodb-dependencies.ts";
import { validationError } from "./validation-error.ts";

const MAX_TAGS = 50;

/** Writes a table's tags. Throws ValidationException for duplicate keys and beyond 50 tags. */
export async function writeTableTags(
  connection: SqlConnection,
  { id }: Pick<Resource, "id">,
  tags: readonly Tag[] | undefined,
): Promise<void> {
  if (tags === undefined || tags.length === 0) return;
  const keys = tags.map(({ Key = "" }) => Key);
  if (new Set(keys).size < keys.length) throw validationError("Duplicate tag keys found");
  const [{ count } = { count: 0 }] = await connection.query<{ count: number }>(
    `with written as (
       insert into resource_tag (resource_id, key, value)
       select $1, tag.key, tag.value from unnest($2::text[], $3::text[]) as tag (key, value)
       on conflict (resource_id, key) do update set value = excluded.value returning key
     ) select count(*) from (
       select key from written union select key from resource_tag where resource_id = $1) as keys`,
    [id, keys, tags.map(({ Value = "" }) => Value)],
  );
  if (count > MAX_TAGS) throw validationError(`Too many tags: a table can have at most ${MAX_TAGS}`);
}

/** TagResource, UntagResource and ListTagsOfResource. */
export function createTableTagOperations({ sql, tables }: DynamoDbDependencies) {
  async function tagResource(input: TagResourceInput, caller: Caller): Promise<void> {
    const table = await tables.require(caller, input.ResourceArn);
    await sql.transaction((transaction) => writeTableTags(transaction, table, input.Tags));
  }

  async function untagResource(input: UntagResourceInput, caller: Caller): Promise<void> {
    const table = await tables.require(caller, input.ResourceArn);
    await sql.query("delete from resource_tag where resource_id = $1 and key = any ($2::text[])", [
      table.id,
      input.TagKeys ?? [],
    ]);
  }

  async function listTagsOfResource(input: ListTagsOfResourceInput, caller: Caller): Promise<ListTagsOfResourceOutput> {
    if (input.NextToken !== undefined) throw awsError("ValidationException", "Invalid NextToken");
    const table = await tables.require(caller, input.ResourceArn);
    const rows = await sql.query<{ key: string; value: string }>(
      `select key, value from resource_tag where resource_id = $1 order by key collate "C"`,
      [table.id],
    );
    return { Tags: rows.map(({ key, value }) => ({ Key: key, Value: value })) };
  }

  return { tagResource, untagResource, listTagsOfResource };
}

export const tableTagConstraints: Constraints = {
  "Tag.Key": { min: 1, max: 128 },
  "Tag.Value": { max: 256 },
  "TagResourceInput.ResourceArn": { min: 1, max: 1283 },
  "UntagResourceInput.ResourceArn": { min: 1, max: 1283 },
  "ListTagsOfResourceInput.ResourceArn": { min: 1, max: 1283 },
};
