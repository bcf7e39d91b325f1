import type { ParallelismConfiguration } from "@aws-sdk/client-sagemaker";
import type { Owner, Resource } from "@rondo/store";
import { sageMakerArn } from "../arn.ts";

/** The type of pipelines in the resource table. */
export const PIPELINE = "sagemaker/pipeline";

/** A pipeline's row; the definition is in the table `pipeline_version`. */
export interface PipelineBody {
  readonly PipelineDisplayName?: string | undefined;
  readonly PipelineDescription?: string | undefined;
  readonly RoleArn?: string | undefined;
  readonly ParallelismConfiguration?: ParallelismConfiguration | undefined;
  /** ISO. */
  readonly LastModifiedTime: string;
  /** The ARNs of the users who created and changed it. */
  readonly createdBy: string;
  readonly lastModifiedBy: string;
  /** The number of its latest definition. */
  readonly version: number;
  /** ISO. */
  readonly lastExecutionTime?: string | undefined;
  readonly clientRequestToken?: string | undefined;
}

export type Pipeline = Resource<PipelineBody>;

/** The name of a pipeline that is given by its name or its ARN. */
export function pipelineName(nameOrArn = ""): string {
  return nameOrArn.replace(/^arn:.*:pipeline\//, "");
}

export function pipelineArn(owner: Owner, name: string): string {
  return sageMakerArn(owner, "pipeline", name);
}
