import type {
  DescribePipelineRequest,
  DescribePipelineResponse,
  ListPipelinesRequest,
  ListPipelinesResponse,
} from "@aws-sdk/client-sagemaker";
import { awsError, type Caller } from "@rondo/wire";
import { listPage } from "../list-query.ts";
import { createDefinitions } from "./definitions.ts";
import { lastRunTime } from "./executions-of-pipeline.ts";
import type { PipelineDependencies } from "./pipeline.ts";
import { PIPELINE, type PipelineBody } from "./pipeline-body.ts";
import { requirePipeline } from "./pipeline-lookup.ts";

/** DescribePipeline and ListPipelines. */
export function createPipelineReading({ sql, resources }: PipelineDependencies) {
  const definitions = createDefinitions(sql);

  async function describePipeline(input: DescribePipelineRequest, caller: Caller): Promise<DescribePipelineResponse> {
    const pipeline = await requirePipeline(resources, caller, input.PipelineName);
    const { createdBy, lastModifiedBy, LastModifiedTime, version, clientRequestToken: _, ...body } = pipeline.body;
    const wanted = input.PipelineVersionId ?? version;
    const PipelineDefinition = await definitions.readText({ pipelineId: pipeline.id, version: wanted });
    if (PipelineDefinition === undefined) {
      throw awsError("ResourceNotFound", `Pipeline '${pipeline.arn}' has no version ${wanted}.`);
    }
    return {
      ...body,
      PipelineArn: pipeline.arn,
      PipelineDefinition,
      PipelineStatus: "Active",
      CreationTime: pipeline.createdAt,
      LastModifiedTime: new Date(LastModifiedTime),
      LastRunTime: await lastRunTime(sql, pipeline),
      CreatedBy: { IamIdentity: { Arn: createdBy } },
      LastModifiedBy: { IamIdentity: { Arn: lastModifiedBy } },
    };
  }

  async function listPipelines(input: ListPipelinesRequest, caller: Caller): Promise<ListPipelinesResponse> {
    const { PipelineNamePrefix: prefix, CreatedAfter, CreatedBefore, ...rest } = input;
    const page = await listPage<PipelineBody>(resources, caller, PIPELINE, {
      ...rest,
      namePrefix: prefix?.toLowerCase(),
      CreationTimeAfter: CreatedAfter,
      CreationTimeBefore: CreatedBefore,
    });
    const summaries = page.resources.map(async (pipeline) => ({
      PipelineArn: pipeline.arn,
      PipelineName: pipeline.body.PipelineName,
      PipelineDisplayName: pipeline.body.PipelineDisplayName,
      PipelineDescription: pipeline.body.PipelineDescription,
      RoleArn: pipeline.body.RoleArn,
      CreationTime: pipeline.createdAt,
      LastModifiedTime: new Date(pipeline.body.LastModifiedTime),
      LastExecutionTime: await lastRunTime(sql, pipeline),
    }));
    return { PipelineSummaries: await Promise.all(summaries), NextToken: page.nextToken };
  }

  return { describePipeline, listPipelines };
}
