import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from "@aws-sdk/client-personalize";
import type { Owner, Resource, Sql, SqlConnection } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import { deleteResourceTags, findTagProblem, readResourceTags, writeResourceTags } from "../resource-tags.ts";

/** Of one resource, as AWS allows. */
const MAX_TAGS = 50;

/**
 * Writes a resource's tags; for a new one in the transaction that inserts it. Throws InvalidInputException for duplicate keys and for keys that begin with
 * `aws:`, TooManyTagsException beyond 50 tags.
 */
export async function writePersonalizeTags(
  connection: SqlConnection,
  resource: Pick<Resource, "id" | "arn">,
  tags: readonly Tag[] | undefined,
): Promise<void> {
  if (tags === undefined || tags.length === 0) return;
  const keys = tags.map(({ tagKey = "" }) => tagKey);
  const problem = findTagProblem(keys);
  if (problem !== undefined) throw awsError("InvalidInputException", problem);
  const values = new Map(tags.map(({ tagKey = "", tagValue = "" }) => [tagKey, tagValue]));
  if ((await writeResourceTags(connection, resource.id, values)) > MAX_TAGS) {
    throw awsError("TooManyTagsException", `${resource.arn} would have more than ${MAX_TAGS} tags.`);
  }
}

/** TagResource, UntagResource and ListTagsForResource for every resource of Personalize. Deleting a resource deletes its tags. */
export function createPersonalizeTagOperations({ sql }: { readonly sql: Sql }) {
  async function tagResource(input: TagResourceRequest, caller: Caller): Promise<object> {
    await sql.transaction(async (transaction) => {
      await writePersonalizeTags(transaction, await requireTagged(transaction, input.resourceArn, caller), input.tags);
    });
    return {};
  }

  async function untagResource(input: UntagResourceRequest, caller: Caller): Promise<object> {
    const { id } = await requireTagged(sql, input.resourceArn, caller);
    await deleteResourceTags(sql, id, input.tagKeys ?? []);
    return {};
  }

  async function listTagsForResource(
    input: ListTagsForResourceRequest,
    caller: Caller,
  ): Promise<ListTagsForResourceResponse> {
    const { id } = await requireTagged(sql, input.resourceArn, caller);
    const tags = await readResourceTags(sql, id);
    return { tags: tags.map(({ Key, Value }) => ({ tagKey: Key, tagValue: Value })) };
  }

  return { tagResource, untagResource, listTagsForResource };
}

async function requireTagged(
  connection: SqlConnection,
  arn: string | undefined,
  owner: Owner,
): Promise<Pick<Resource, "id" | "arn">> {
  const [resource] = await connection.query<Pick<Resource, "id" | "arn">>(
    `select id, arn from resource
     where arn = $1 and account_id = $2 and region = $3 and type like 'personalize/%' order by id limit 1`,
    [arn ?? "", owner.accountId, owner.region],
  );
  if (resource === undefined) throw awsError("ResourceNotFoundException", `Resource Arn ${arn} does not exist.`);
  return resource;
}
