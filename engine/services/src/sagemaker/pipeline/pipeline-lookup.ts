import type { Owner, Resources, SqlConnection } from "@rondo/store";
import { awsError } from "@rondo/wire";
import { PIPELINE_EXECUTION, type PipelineExecution, type PipelineExecutionBody } from "./execution-body.ts";
import { PIPELINE, type Pipeline, type PipelineBody, pipelineArn, pipelineName } from "./pipeline-body.ts";

/** The pipeline of a name or ARN; with a connection, locked until its transaction ends. Throws ResourceNotFound. */
export async function requirePipeline(
  resources: Resources,
  owner: Owner,
  nameOrArn: string | undefined,
  connection?: SqlConnection,
): Promise<Pipeline> {
  const name = pipelineName(nameOrArn);
  const found =
    connection === undefined
      ? await resources.find<PipelineBody>(owner, PIPELINE, name)
      : await resources.findForUpdate<PipelineBody>(owner, PIPELINE, name, connection);
  if (found === undefined) throw awsError("ResourceNotFound", `Pipeline '${pipelineArn(owner, name)}' does not exist.`);
  return found;
}

/** The execution of an ARN; with a connection, locked until its transaction ends. Throws ResourceNotFound. */
export async function requireExecution(
  resources: Resources,
  owner: Owner,
  arn: string | undefined,
  connection?: SqlConnection,
): Promise<PipelineExecution> {
  const [, pipeline = "", id = ""] = /:pipeline\/([^/]+)\/execution\/([^/]+)$/.exec(arn ?? "") ?? [];
  const name = `${pipeline}/${id}`;
  const found =
    connection === undefined
      ? await resources.find<PipelineExecutionBody>(owner, PIPELINE_EXECUTION, name)
      : await resources.findForUpdate<PipelineExecutionBody>(owner, PIPELINE_EXECUTION, name, connection);
  if (found === undefined || found.arn !== arn) {
    throw awsError("ResourceNotFound", `Pipeline execution '${arn ?? ""}' does not exist.`);
  }
  return found;
}
