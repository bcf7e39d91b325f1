import { Expression } from "./expression.ts";

/** What a running pipeline knows of itself. https://docs.aws.amazon.com/sagemaker/latest/dg/define-pipeline.html */
export const ExecutionVariables = {
  startDateTime: new Expression({ Get: "Execution.StartDateTime" }),
  currentDateTime: new Expression({ Get: "Execution.CurrentDateTime" }),
  pipelineName: new Expression({ Get: "Execution.PipelineName" }),
  pipelineArn: new Expression({ Get: "Execution.PipelineArn" }),
  pipelineExecutionId: new Expression({ Get: "Execution.PipelineExecutionId" }),
  pipelineExecutionArn: new Expression({ Get: "Execution.PipelineExecutionArn" }),
} as const;
