import type {
  CreatePipelineRequest,
  CreatePipelineResponse,
  DeletePipelineRequest,
  DeletePipelineResponse,
  UpdatePipelineRequest,
  UpdatePipelineResponse,
} from "@aws-sdk/client-sagemaker";
import { type Objects, type Resources, type Sql, type SqlConnection, StoreError } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import { writeTags } from "../tags.ts";
import { type DefinitionDependencies, definitionText } from "./definition-source.ts";
import { createDefinitions } from "./definitions.ts";
import { PIPELINE_EXECUTION } from "./execution-body.ts";
import { PIPELINE, type Pipeline, type PipelineBody, pipelineArn } from "./pipeline-body.ts";
import { requirePipeline } from "./pipeline-lookup.ts";

export interface PipelineDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly objects: Objects;
  readonly clock: { now(): Date };
}

/** CreatePipeline, UpdatePipeline and DeletePipeline. */
export function createPipelineOperations(dependencies: PipelineDependencies & DefinitionDependencies) {
  const { sql, resources, clock } = dependencies;
  const definitions = createDefinitions(sql);

  async function createPipeline(input: CreatePipelineRequest, caller: Caller): Promise<CreatePipelineResponse> {
    const text = await definitionText(dependencies, caller, input);
    if (text === undefined) {
      throw awsError("ValidationException", "PipelineDefinition or PipelineDefinitionS3Location is required.");
    }
    const { PipelineName: name = "" } = input;
    const { accountId, region } = caller;
    const arn = pipelineArn(caller, name);
    const row = {
      accountId,
      region,
      type: PIPELINE,
      name,
      arn,
      status: "Active",
      body: newBody(input, caller, clock.now()),
    };
    try {
      return await sql.transaction(async (transaction) => {
        const inserted = await resources.insert(row, transaction);
        await definitions.write(transaction, { pipelineId: inserted.id, version: 1 }, text, clock.now());
        await writeTags(transaction, inserted, input.Tags);
        return { PipelineArn: arn };
      });
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "AlreadyExists") throw error;
      return await existing(input, caller);
    }
  }

  /** The same request once more gets the same answer. */
  async function existing(input: CreatePipelineRequest, caller: Caller): Promise<CreatePipelineResponse> {
    const pipeline = await requirePipeline(resources, caller, input.PipelineName);
    const { ClientRequestToken: token } = input;
    if (token !== undefined && token === pipeline.body.clientRequestToken) return { PipelineArn: pipeline.arn };
    throw awsError(
      "ValidationException",
      `Pipeline names must be unique within an AWS account and region. Pipeline with name (${input.PipelineName}) already exists.`,
    );
  }

  async function updatePipeline(input: UpdatePipelineRequest, caller: Caller): Promise<UpdatePipelineResponse> {
    const text = await definitionText(dependencies, caller, input);
    return await sql.transaction(async (transaction) => {
      const pipeline = await requirePipeline(resources, caller, input.PipelineName, transaction);
      const now = clock.now();
      const version = text === undefined ? pipeline.body.version : pipeline.body.version + 1;
      if (text !== undefined) await definitions.write(transaction, { pipelineId: pipeline.id, version }, text, now);
      const { PipelineDisplayName, PipelineDescription, RoleArn, ParallelismConfiguration } = input;
      const given = { PipelineDisplayName, PipelineDescription, RoleArn, ParallelismConfiguration };
      const isGiven = ([, value]: readonly [string, unknown]): boolean => value !== undefined;
      const body: PipelineBody = {
        ...pipeline.body,
        ...(Object.fromEntries(Object.entries(given).filter(isGiven)) as typeof given),
        LastModifiedTime: now.toISOString(),
        lastModifiedBy: caller.arn,
        version,
      };
      await resources.update(pipeline, { body }, transaction);
      return { PipelineArn: pipeline.arn, PipelineVersionId: version };
    });
  }

  async function deletePipeline(input: DeletePipelineRequest, caller: Caller): Promise<DeletePipelineResponse> {
    return await sql.transaction(async (transaction) => {
      const pipeline = await requirePipeline(resources, caller, input.PipelineName, transaction);
      await deleteExecutions(transaction, pipeline);
      await resources.delete(pipeline, transaction);
      return { PipelineArn: pipeline.arn };
    });
  }

  return { createPipeline, updatePipeline, deletePipeline };
}

function newBody(input: CreatePipelineRequest, caller: Caller, now: Date): PipelineBody {
  const { PipelineName, PipelineDisplayName, PipelineDescription, RoleArn, ParallelismConfiguration } = input;
  return {
    // As AWS shows it where none was given.
    PipelineDisplayName: PipelineDisplayName ?? PipelineName,
    PipelineDescription,
    RoleArn,
    ParallelismConfiguration,
    LastModifiedTime: now.toISOString(),
    createdBy: caller.arn,
    lastModifiedBy: caller.arn,
    version: 1,
    clientRequestToken: input.ClientRequestToken,
  };
}

/** As on AWS they go with their pipeline, and none may run. */
async function deleteExecutions(transaction: SqlConnection, { accountId, region, name }: Pipeline): Promise<void> {
  // The names of a pipeline's executions are a range.
  const ofPipeline = "account_id = $1 and region = $2 and type = $3 and name > $4 || '/' and name < $4 || '0'";
  const values = [accountId, region, PIPELINE_EXECUTION, name];
  const [active] = await transaction.query<{ arn: string }>(
    `select arn from resource where ${ofPipeline} and status in ('Executing', 'Stopping') limit 1 for update`,
    values,
  );
  if (active !== undefined) {
    throw awsError("ConflictException", `The pipeline has an execution that runs: stop ${active.arn} first.`);
  }
  await transaction.query(`delete from resource where ${ofPipeline}`, values);
}
