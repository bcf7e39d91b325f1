import {
  type Resource,
  type ResourcePage,
  type ResourceQuery,
  type Resources,
  type Sql,
  type SqlConnection,
  StoreError,
} from "@rondo/store";
import type { Caller } from "@rondo/wire";
import { invalidParameter, topicNotFound } from "./sns-error.ts";
import type { TopicBody } from "./subscription-body.ts";
import { parseTopicArn, topicType } from "./topic-arn.ts";

const pageSize = 100;

export interface TopicDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
}

/** The topic of an ARN, locked when a transaction is given. Throws InvalidParameter, and NotFound, as for topics of others. */
export async function requireTopic(
  resources: Pick<Resources, "find" | "findForUpdate">,
  caller: Caller,
  arn: string | undefined,
  transaction?: SqlConnection,
): Promise<Resource<TopicBody>> {
  const ref = parseTopicArn(arn ?? "");
  if (ref === undefined) throw invalidParameter("TopicArn");
  const topic =
    transaction === undefined
      ? await resources.find<TopicBody>(caller, topicType, ref.name)
      : await resources.findForUpdate<TopicBody>(caller, topicType, ref.name, transaction);
  if (topic?.arn !== arn || topic === undefined) throw topicNotFound();
  return topic;
}

/** A page of 100 by name, as SNS has them. */
export async function listSns<Body extends object>(
  resources: Pick<Resources, "list">,
  query: Omit<ResourceQuery, "sortBy" | "limit">,
): Promise<ResourcePage<Body>> {
  try {
    return await resources.list<Body>({ ...query, sortBy: "name", limit: pageSize });
  } catch (error) {
    if (error instanceof StoreError && error.code === "InvalidToken") throw invalidParameter("NextToken");
    throw error;
  }
}
