import type {
  CreateModelPackageGroupInput,
  CreateModelPackageGroupOutput,
  DeleteModelPackageGroupInput,
  DescribeModelPackageGroupInput,
  DescribeModelPackageGroupOutput,
  ListModelPackageGroupsInput,
  ListModelPackageGroupsOutput,
  ModelPackageGroupStatus,
  UserContext,
} from "@aws-sdk/client-sagemaker";
import type { Resource, Resources, Sql } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import { listPage } from "./list-query.ts";
import { userOf } from "./model-package-body.ts";
import { groupNameOf } from "./model-package-lookup.ts";
import { insertNamed, requireNamed, resourceType } from "./named-resource.ts";

/** A model package group's row. */
export interface ModelPackageGroupBody {
  readonly ModelPackageGroupDescription?: string;
  readonly CreatedBy: UserContext;
  /** The highest version given so far; a version that was deleted is not given again. */
  readonly lastVersion: number;
  readonly resourcePolicy?: string;
}

const TYPE = "model-package-group";

/** CreateModelPackageGroup, DescribeModelPackageGroup, ListModelPackageGroups and DeleteModelPackageGroup. */
export function createModelPackageGroupOperations(dependencies: { readonly sql: Sql; readonly resources: Resources }) {
  const { sql, resources } = dependencies;

  async function createModelPackageGroup(
    input: CreateModelPackageGroupInput,
    caller: Caller,
  ): Promise<CreateModelPackageGroupOutput> {
    const { ModelPackageGroupName: name = "", ModelPackageGroupDescription, Tags: tags, ManagedConfiguration } = input;
    if (ManagedConfiguration !== undefined) {
      throw awsError("ValidationException", "ManagedConfiguration cannot be honoured: artifacts stay where they are.");
    }
    const body: ModelPackageGroupBody = { ModelPackageGroupDescription, CreatedBy: userOf(caller), lastVersion: 0 };
    const group = await insertNamed(dependencies, caller, { type: TYPE, name, status: "Completed", body, tags });
    return { ModelPackageGroupArn: group.arn };
  }

  async function describeModelPackageGroup(
    input: DescribeModelPackageGroupInput,
    caller: Caller,
  ): Promise<DescribeModelPackageGroupOutput> {
    const name = await groupNameOf(resources, caller, input.ModelPackageGroupName ?? "");
    return describeGroup(await requireNamed<ModelPackageGroupBody>(resources, caller, { type: TYPE, name }));
  }

  async function listModelPackageGroups(
    input: ListModelPackageGroupsInput,
    caller: Caller,
  ): Promise<ListModelPackageGroupsOutput> {
    // Nothing is shared between accounts here.
    if (input.CrossAccountFilterOption === "CrossAccount") return { ModelPackageGroupSummaryList: [] };
    const page = await listPage<ModelPackageGroupBody>(resources, caller, resourceType(TYPE), {
      SortOrder: "Ascending",
      ...input,
    });
    return { ModelPackageGroupSummaryList: page.resources.map(summarizeGroup), NextToken: page.nextToken };
  }

  async function deleteModelPackageGroup(input: DeleteModelPackageGroupInput, caller: Caller): Promise<void> {
    const name = await groupNameOf(resources, caller, input.ModelPackageGroupName ?? "");
    await sql.transaction(async (transaction) => {
      // Locked, so that no version is created between the look and the deletion.
      const group = await requireNamed<ModelPackageGroupBody>(resources, caller, { type: TYPE, name }, transaction);
      const [version] = await transaction.query(
        `select id from resource where account_id = $1 and region = $2 and type = $3 and starts_with(name, $4 || '/') limit 1`,
        [caller.accountId, caller.region, resourceType("model-package"), group.name],
      );
      if (version !== undefined) {
        throw awsError(
          "ConflictException",
          `Model Package Group ${group.arn} cannot be deleted because it still contains model packages.`,
        );
      }
      await resources.delete(group, transaction);
    });
  }

  return { createModelPackageGroup, describeModelPackageGroup, listModelPackageGroups, deleteModelPackageGroup };
}

/** DescribeModelPackageGroup's answer. */
export function describeGroup(group: Resource<ModelPackageGroupBody>): DescribeModelPackageGroupOutput {
  return { ...summarizeGroup(group), CreatedBy: group.body.CreatedBy };
}

function summarizeGroup({ name, arn, body, createdAt, status }: Resource<ModelPackageGroupBody>) {
  return {
    ModelPackageGroupName: name,
    ModelPackageGroupArn: arn,
    ModelPackageGroupDescription: body.ModelPackageGroupDescription,
    CreationTime: createdAt,
    ModelPackageGroupStatus: status as ModelPackageGroupStatus,
  };
}
