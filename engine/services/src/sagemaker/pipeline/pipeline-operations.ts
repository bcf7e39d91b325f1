import type { DefinitionDependencies } from "./definition-source.ts";
import { createExecutionStart } from "./execution.ts";
import { createExecutionControl } from "./execution-control.ts";
import { createExecutionReading } from "./execution-read.ts";
import { createPipelineOperations, type PipelineDependencies } from "./pipeline.ts";
import { createPipelineReading } from "./pipeline-read.ts";
import { createPipelineVersionOperations } from "./pipeline-versions.ts";

/** SageMaker's operations of pipelines and their executions, by the names of the API. */
export function listPipelineOperations(dependencies: PipelineDependencies & DefinitionDependencies) {
  const pipelines = createPipelineOperations(dependencies);
  const pipelineReading = createPipelineReading(dependencies);
  const versions = createPipelineVersionOperations(dependencies);
  const start = createExecutionStart(dependencies);
  const reading = createExecutionReading(dependencies);
  const control = createExecutionControl(dependencies);
  return {
    CreatePipeline: pipelines.createPipeline,
    UpdatePipeline: pipelines.updatePipeline,
    DescribePipeline: pipelineReading.describePipeline,
    ListPipelines: pipelineReading.listPipelines,
    DeletePipeline: pipelines.deletePipeline,
    ListPipelineVersions: versions.listPipelineVersions,
    StartPipelineExecution: start.startPipelineExecution,
    DescribePipelineExecution: reading.describePipelineExecution,
    DescribePipelineDefinitionForExecution: reading.describePipelineDefinitionForExecution,
    ListPipelineExecutions: reading.listPipelineExecutions,
    ListPipelineExecutionSteps: reading.listPipelineExecutionSteps,
    ListPipelineParametersForExecution: reading.listPipelineParametersForExecution,
    StopPipelineExecution: control.stopPipelineExecution,
    RetryPipelineExecution: control.retryPipelineExecution,
    UpdatePipelineExecution: control.updatePipelineExecution,
  };
}
