import type {
  DescribePipelineDefinitionForExecutionRequest,
  DescribePipelineDefinitionForExecutionResponse,
  DescribePipelineExecutionRequest,
  DescribePipelineExecutionResponse,
  ListPipelineExecutionStepsRequest,
  ListPipelineExecutionStepsResponse,
  ListPipelineExecutionsRequest,
  ListPipelineExecutionsResponse,
  ListPipelineParametersForExecutionRequest,
  ListPipelineParametersForExecutionResponse,
} from "@aws-sdk/client-sagemaker";
import type { Caller } from "@rondo/wire";
import { listPage } from "../list-query.ts";
import { createDefinitions } from "./definitions.ts";
import { PIPELINE_EXECUTION, type PipelineExecutionBody } from "./execution-body.ts";
import { describeExecution, describeStep, summarizeExecution } from "./execution-description.ts";
import { pageOf } from "./list-page.ts";
import type { PipelineDependencies } from "./pipeline.ts";
import { requireExecution, requirePipeline } from "./pipeline-lookup.ts";

/** The operations that show executions. */
export function createExecutionReading({ sql, resources }: PipelineDependencies) {
  const definitions = createDefinitions(sql);

  async function describePipelineExecution(
    input: DescribePipelineExecutionRequest,
    caller: Caller,
  ): Promise<DescribePipelineExecutionResponse> {
    const execution = await requireExecution(resources, caller, input.PipelineExecutionArn);
    return describeExecution(execution, await definitions.read(execution.body));
  }

  async function describePipelineDefinitionForExecution(
    input: DescribePipelineDefinitionForExecutionRequest,
    caller: Caller,
  ): Promise<DescribePipelineDefinitionForExecutionResponse> {
    const { body, createdAt } = await requireExecution(resources, caller, input.PipelineExecutionArn);
    return { PipelineDefinition: await definitions.readText(body), CreationTime: createdAt };
  }

  async function listPipelineExecutions(
    input: ListPipelineExecutionsRequest,
    caller: Caller,
  ): Promise<ListPipelineExecutionsResponse> {
    const { name } = await requirePipeline(resources, caller, input.PipelineName);
    const { CreatedAfter, CreatedBefore, PipelineName: _, SortBy, ...rest } = input;
    const page = await listPage<PipelineExecutionBody>(resources, caller, PIPELINE_EXECUTION, {
      ...rest,
      namePrefix: `${name}/`,
      CreationTimeAfter: CreatedAfter,
      CreationTimeBefore: CreatedBefore,
      SortBy: SortBy === "PipelineExecutionArn" ? "Name" : "CreationTime",
    });
    return { PipelineExecutionSummaries: page.resources.map(summarizeExecution), NextToken: page.nextToken };
  }

  async function listPipelineExecutionSteps(
    input: ListPipelineExecutionStepsRequest,
    caller: Caller,
  ): Promise<ListPipelineExecutionStepsResponse> {
    const execution = await requireExecution(resources, caller, input.PipelineExecutionArn);
    const { steps } = await definitions.read(execution.body);
    const byName = new Map(steps.map((step) => [step.name, step]));
    const records = execution.body.steps;
    // By the time at which they began, the latest first, unless the request says otherwise.
    const ordered = input.SortOrder === "Ascending" ? records : records.toReversed();
    const page = pageOf(ordered, input);
    const items = page.items.map((record) => describeStep(record, byName.get(record.name)));
    return { PipelineExecutionSteps: items, NextToken: page.nextToken };
  }

  async function listPipelineParametersForExecution(
    input: ListPipelineParametersForExecutionRequest,
    caller: Caller,
  ): Promise<ListPipelineParametersForExecutionResponse> {
    const { body } = await requireExecution(resources, caller, input.PipelineExecutionArn);
    const page = pageOf(body.parameters, input);
    const PipelineParameters = page.items.map(({ name, value }) => ({ Name: name, Value: String(value) }));
    return { PipelineParameters, NextToken: page.nextToken };
  }

  return {
    describePipelineExecution,
    describePipelineDefinitionForExecution,
    listPipelineExecutions,
    listPipelineExecutionSteps,
    listPipelineParametersForExecution,
  };
}
