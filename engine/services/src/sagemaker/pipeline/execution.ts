import { createHash, randomBytes } from "node:crypto";
import type { StartPipelineExecutionRequest, StartPipelineExecutionResponse } from "@aws-sdk/client-sagemaker";
import { awsError, type Caller } from "@rondo/wire";
import { sageMakerArn } from "../arn.ts";
import { createDefinitions } from "./definitions.ts";
import { PIPELINE_EXECUTION, type PipelineExecutionBody } from "./execution-body.ts";
import { resolveParameters } from "./parameters.ts";
import type { PipelineDependencies } from "./pipeline.ts";
import type { Pipeline } from "./pipeline-body.ts";
import { requirePipeline } from "./pipeline-lookup.ts";
import { readSource, reusedSteps } from "./selective-execution.ts";

/** StartPipelineExecution. */
export function createExecutionStart({ sql, resources, clock }: PipelineDependencies) {
  const definitions = createDefinitions(sql);

  async function startPipelineExecution(
    input: StartPipelineExecutionRequest,
    caller: Caller,
  ): Promise<StartPipelineExecutionResponse> {
    const found = await requirePipeline(resources, caller, input.PipelineName);
    const body = await newBody(found, input, caller);
    return await sql.transaction(async (transaction) => {
      // Locked, so that the pipeline is not deleted meanwhile.
      const pipeline = await requirePipeline(resources, caller, input.PipelineName, transaction);
      if (pipeline.id !== found.id) {
        throw awsError("ConflictException", `Pipeline '${pipeline.arn}' was deleted and created meanwhile.`);
      }
      const id = executionIdFor(pipeline, input.ClientRequestToken);
      const arn = sageMakerArn(caller, "pipeline", `${pipeline.name}/execution/${id}`);
      const { accountId, region } = caller;
      const name = `${pipeline.name}/${id}`;
      const isThere = (await resources.find(caller, PIPELINE_EXECUTION, name, transaction)) !== undefined;
      if (!isThere) {
        const row = {
          accountId,
          region,
          type: PIPELINE_EXECUTION,
          name,
          arn,
          status: "Executing",
          body,
          due: "now" as const,
        };
        await resources.insert(row, transaction);
        const lastExecutionTime = clock.now().toISOString();
        await resources.update(pipeline, { body: { ...pipeline.body, lastExecutionTime } }, transaction);
      }
      return { PipelineExecutionArn: arn };
    });
  }

  async function newBody(
    pipeline: Pipeline,
    input: StartPipelineExecutionRequest,
    caller: Caller,
  ): Promise<PipelineExecutionBody> {
    const version = input.PipelineVersionId ?? pipeline.body.version;
    const ref = { pipelineId: pipeline.id, version };
    if (input.PipelineVersionId !== undefined && (await definitions.readText(ref)) === undefined) {
      throw awsError("ResourceNotFound", `Pipeline '${pipeline.arn}' has no version ${version}.`);
    }
    const definition = await definitions.read(ref);
    const selection = { definition, config: input.SelectiveExecutionConfig };
    const source = await readSource(resources, { pipeline, caller }, selection.config);
    const given = input.PipelineParameters ?? [];
    const values = resolveParameters(definition.parameters, given, source?.body.parameters);
    return {
      pipelineName: pipeline.name,
      pipelineArn: pipeline.arn,
      ...ref,
      displayName: input.PipelineExecutionDisplayName ?? `execution-${clock.now().getTime()}`,
      description: input.PipelineExecutionDescription,
      parallelism: input.ParallelismConfiguration ?? pipeline.body.ParallelismConfiguration,
      selective: input.SelectiveExecutionConfig,
      parameters: definition.parameters.map(({ name }) => ({ name, value: values.get(name) ?? "" })),
      startedBy: { accessKeyId: caller.accessKeyId, arn: caller.arn },
      lastModifiedBy: caller.arn,
      lastModifiedTime: clock.now().toISOString(),
      steps: reusedSteps(source, selection, clock.now()),
    };
  }

  return { startPipelineExecution };
}

const ID_LENGTH = 12;
const BASE = 36n;

/** Twelve lowercase letters and digits: random, or made of the ClientRequestToken, so that the same request is the same execution. */
function executionIdFor({ id, arn }: Pipeline, token: string | undefined): string {
  const bytes =
    token === undefined
      ? randomBytes(16)
      : createHash("sha256")
          .update(JSON.stringify([id, arn, token]))
          .digest();
  let rest = BigInt(`0x${bytes.toString("hex")}`);
  let text = "";
  for (; text.length < ID_LENGTH; rest /= BASE) text += (rest % BASE).toString(36);
  return text;
}
