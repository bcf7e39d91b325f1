import type {
  DescribePipelineRequest,
  DescribePipelineResponse,
  ListPipelinesRequest,
  ListPipelinesResponse,
} from "@aws-sdk/client-sagemaker";
import { awsError, type Caller } from "@rondo/wire";
import { listPage } from "../list-query.ts";
import { createDefinitions } from "./definitions.ts";
import type { PipelineDependencies } from "./pipeline.ts";
import { PIPELINE, type PipelineBody } from "./pipeline-body.ts";
import { requirePipeline } from "./pipeline-lookup.ts";

/** DescribePipeline and ListPipelines. */
export function createPipelineReading({ sql, resources }: PipelineDependencies) {
  const definitions = createDefinitions(sql);

  async function describePipeline(input: DescribePipelineRequest, caller: Caller): Promise<DescribePipelineResponse> {
    const pipeline = await requirePipeline(resources, caller, input.PipelineName);
    const {
      createdBy,
      lastModifiedBy,
      LastModifiedTime,
      version,
      lastExecutionTime,
      clientRequestToken: _,
      ...body
    } = pipeline.body;
    const wanted = input.PipelineVersionId ?? version;
    const PipelineDefinition = await definitions.readText({ pipelineId: pipeline.id, version: wanted });
    if (PipelineDefinition === undefined) {
      throw awsError("ResourceNotFound", `Pipeline '${pipeline.arn}' has no version ${wanted}.`);
    }
    return {
      ...body,
      PipelineName: pipeline.name,
      PipelineArn: pipeline.arn,
      PipelineDefinition,
      PipelineStatus: "Active",
      CreationTime: pipeline.createdAt,
      LastModifiedTime: new Date(LastModifiedTime),
      LastRunTime: dateOf(lastExecutionTime),
      CreatedBy: { IamIdentity: { Arn: createdBy } },
      LastModifiedBy: { IamIdentity: { Arn: lastModifiedBy } },
    };
  }

  async function listPipelines(input: ListPipelinesRequest, caller: Caller): Promise<ListPipelinesResponse> {
    const { PipelineNamePrefix: prefix, CreatedAfter, CreatedBefore, ...rest } = input;
    const page = await listPage<PipelineBody>(resources, caller, PIPELINE, {
      ...rest,
      namePrefix: prefix,
      CreationTimeAfter: CreatedAfter,
      CreationTimeBefore: CreatedBefore,
    });
    const PipelineSummaries = page.resources.map((pipeline) => ({
      PipelineArn: pipeline.arn,
      PipelineName: pipeline.name,
      PipelineDisplayName: pipeline.body.PipelineDisplayName,
      PipelineDescription: pipeline.body.PipelineDescription,
      RoleArn: pipeline.body.RoleArn,
      CreationTime: pipeline.createdAt,
      LastModifiedTime: new Date(pipeline.body.LastModifiedTime),
      LastExecutionTime: dateOf(pipeline.body.lastExecutionTime),
    }));
    return { PipelineSummaries, NextToken: page.nextToken };
  }

  return { describePipeline, listPipelines };
}

function dateOf(iso: string | undefined): Date | undefined {
  return iso === undefined ? undefined : new Date(iso);
}
