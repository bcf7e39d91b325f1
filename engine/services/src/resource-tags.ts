import type { SqlConnection } from "@rondo/store";

export interface ResourceTag {
  readonly Key: string;
  readonly Value: string;
}

/** At most this many are read: more than any service allows. */
const most = 200;

/** The tags of a resource, by key; or those strictly after a key. */
export async function readResourceTags(
  connection: SqlConnection,
  resourceId: number,
  { after, limit }: { readonly after: string; readonly limit: number } = { after: "", limit: most },
): Promise<ResourceTag[]> {
  return await connection.query<ResourceTag>(
    `select key as "Key", value as "Value" from resource_tag
     where resource_id = $1 and key collate "C" > $2 order by key collate "C" limit $3`,
    [resourceId, after, limit],
  );
}

/** Why tags with these keys cannot be written, in the words that SageMaker and Personalize share; undefined when they can. */
export function findTagProblem(keys: readonly string[]): string | undefined {
  const reserved = keys.find((key) => key.toLowerCase().startsWith("aws:"));
  if (reserved !== undefined) return `Tag key ${reserved} is not allowed: keys that begin with aws: are reserved.`;
  return new Set(keys).size < keys.length ? "Duplicate tag keys found." : undefined;
}

/** Adds tags or changes their values; returns how many the resource has now. What a service allows is checked by the service. */
export async function writeResourceTags(
  connection: SqlConnection,
  resourceId: number,
  tags: ReadonlyMap<string, string>,
): Promise<number> {
  if (tags.size > 0) {
    await connection.query(
      `insert into resource_tag (resource_id, key, value)
       select $1, tag.key, tag.value from unnest($2::text[], $3::text[]) as tag (key, value)
       on conflict (resource_id, key) do update set value = excluded.value`,
      [resourceId, [...tags.keys()], [...tags.values()]],
    );
  }
  const [row] = await connection.query<{ count: number }>(
    "select count(*)::integer as count from resource_tag where resource_id = $1",
    [resourceId],
  );
  return row?.count ?? 0;
}

export async function deleteResourceTags(
  connection: SqlConnection,
  resourceId: number,
  keys: readonly string[],
): Promise<void> {
  await connection.query("delete from resource_tag where resource_id = $1 and key = any($2::text[])", [
    resourceId,
    keys,
  ]);
}
