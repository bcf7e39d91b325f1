import type {
  AddTagsInput,
  AddTagsOutput,
  DeleteTagsInput,
  DeleteTagsOutput,
  ListTagsInput,
  ListTagsOutput,
  Tag,
} from "@aws-sdk/client-sagemaker";
import type { Owner, Resource, Sql, SqlConnection } from "@rondo/store";
import { awsError, type Caller, type Constraints } from "@rondo/wire";
import { deleteResourceTags, findTagProblem, readResourceTags, writeResourceTags } from "../resource-tags.ts";

const TAG_PATTERN = String.raw`([\p{L}\p{Z}\p{N}_.:/=+\-@]*)`;
const ARN_PATTERN = "arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:.+";
/** Of one resource, as AWS allows. */
const MAX_TAGS = 50;

/**
 * Writes a resource's tags; for a new one in the transaction that inserts it. Throws ValidationException for duplicate keys and for keys that
 * begin with `aws:`, ResourceLimitExceeded beyond 50 tags.
 */
export async function writeTags(
  connection: SqlConnection,
  resource: Pick<Resource, "id" | "arn">,
  tags: readonly Tag[] | undefined,
): Promise<void> {
  if (tags === undefined || tags.length === 0) return;
  const keys = tags.map((tag) => tag.Key ?? "");
  const problem = findTagProblem(keys);
  if (problem !== undefined) throw awsError("ValidationException", problem);
  const values = new Map(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
  if ((await writeResourceTags(connection, resource.id, values)) > MAX_TAGS) {
    throw awsError("ResourceLimitExceeded", `${resource.arn} would have more than ${MAX_TAGS} tags.`);
  }
}

/** AddTags, ListTags and DeleteTags for every SageMaker resource. Tags go with their resource: deleting it deletes them. */
export function createTagOperations({ sql }: { readonly sql: Sql }) {
  async function addTags(input: AddTagsInput, caller: Caller): Promise<AddTagsOutput> {
    return await sql.transaction(async (transaction) => {
      const resource = await requireResource(transaction, input.ResourceArn, caller);
      await writeTags(transaction, resource, input.Tags);
      return { Tags: await readResourceTags(transaction, resource.id) };
    });
  }

  async function listTags(input: ListTagsInput, caller: Caller): Promise<ListTagsOutput> {
    const resource = await requireResource(sql, input.ResourceArn, caller);
    const limit = input.MaxResults ?? MAX_TAGS;
    const after = input.NextToken === undefined ? "" : Buffer.from(input.NextToken, "base64url").toString();
    const tags = await readResourceTags(sql, resource.id, { after, limit: limit + 1 });
    const page = tags.slice(0, limit);
    const last = page.at(-1)?.Key;
    if (tags.length <= limit || last === undefined) return { Tags: page };
    return { Tags: page, NextToken: Buffer.from(last).toString("base64url") };
  }

  async function deleteTags(input: DeleteTagsInput, caller: Caller): Promise<DeleteTagsOutput> {
    const resource = await requireResource(sql, input.ResourceArn, caller);
    await deleteResourceTags(sql, resource.id, input.TagKeys ?? []);
    return {};
  }

  return { addTags, listTags, deleteTags };
}

async function requireResource(
  connection: SqlConnection,
  arn: string | undefined,
  owner: Owner,
): Promise<Pick<Resource, "id" | "arn">> {
  const [resource] = await connection.query<Pick<Resource, "id" | "arn">>(
    `select id, arn from resource
     where arn = $1 and account_id = $2 and region = $3 and type like 'sagemaker/%' order by id limit 1`,
    [arn ?? "", owner.accountId, owner.region],
  );
  if (resource === undefined) throw awsError("ValidationException", `Could not find resource "${arn}".`);
  return resource;
}

/** What AWS checks of the three operations and of `Tags` everywhere. */
export const tagConstraints: Constraints = {
  "AddTagsInput.ResourceArn": { max: 256, pattern: ARN_PATTERN },
  "AddTagsInput.Tags": { max: 50 },
  "ListTagsInput.ResourceArn": { max: 256, pattern: ARN_PATTERN },
  "ListTagsInput.MaxResults": { min: 50 },
  "ListTagsInput.NextToken": { max: 8192, pattern: ".*" },
  "DeleteTagsInput.ResourceArn": { max: 256, pattern: ARN_PATTERN },
  "DeleteTagsInput.TagKeys": { min: 1, max: 50 },
  "DeleteTagsInput.TagKeys[]": { min: 1, max: 128, pattern: TAG_PATTERN },
  "Tag.Key": { min: 1, max: 128, pattern: TAG_PATTERN },
  "Tag.Value": { max: 256, pattern: TAG_PATTERN },
};
