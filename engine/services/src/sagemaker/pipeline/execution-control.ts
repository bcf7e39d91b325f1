import type {
  RetryPipelineExecutionRequest,
  RetryPipelineExecutionResponse,
  StopPipelineExecutionRequest,
  StopPipelineExecutionResponse,
  UpdatePipelineExecutionRequest,
  UpdatePipelineExecutionResponse,
} from "@aws-sdk/client-sagemaker";
import type { SqlConnection } from "@rondo/store";
import { awsError, type Caller } from "@rondo/wire";
import { isActiveExecution, type PipelineExecution, type PipelineExecutionBody } from "./execution-body.ts";
import type { PipelineDependencies } from "./pipeline.ts";
import { requireExecution } from "./pipeline-lookup.ts";

/** StopPipelineExecution, RetryPipelineExecution and UpdatePipelineExecution: they write down what is wanted; execution-kind.ts brings it about. */
export function createExecutionControl({ sql, resources, clock }: PipelineDependencies) {
  type Change = (execution: PipelineExecution, transaction: SqlConnection) => Promise<void>;

  async function change(
    arn: string | undefined,
    caller: Caller,
    by: Change,
  ): Promise<{ PipelineExecutionArn: string }> {
    return await sql.transaction(async (transaction) => {
      const execution = await requireExecution(resources, caller, arn, transaction);
      await by(execution, transaction);
      return { PipelineExecutionArn: execution.arn };
    });
  }

  function touched({ body }: PipelineExecution, caller: Caller): PipelineExecutionBody {
    return { ...body, lastModifiedBy: caller.arn, lastModifiedTime: clock.now().toISOString() };
  }

  async function stopPipelineExecution(
    input: StopPipelineExecutionRequest,
    caller: Caller,
  ): Promise<StopPipelineExecutionResponse> {
    return await change(input.PipelineExecutionArn, caller, async (execution, transaction) => {
      if (execution.status === "Stopping") return;
      if (execution.status !== "Executing") {
        throw awsError("ConflictException", `The pipeline execution is ${execution.status} and cannot be stopped.`);
      }
      await resources.update(
        execution,
        { status: "Stopping", body: touched(execution, caller), due: "now" },
        transaction,
      );
    });
  }

  async function retryPipelineExecution(
    input: RetryPipelineExecutionRequest,
    caller: Caller,
  ): Promise<RetryPipelineExecutionResponse> {
    return await change(input.PipelineExecutionArn, caller, async (execution, transaction) => {
      const { ClientRequestToken: token } = input;
      if (token !== undefined && token === execution.body.retryToken) return;
      if (isActiveExecution(execution) || execution.status === "Succeeded") {
        throw awsError(
          "ConflictException",
          `${execution.status} executions cannot be retried, only Failed and Stopped ones.`,
        );
      }
      const body = retriedBody(touched(execution, caller), input);
      await resources.update(execution, { status: "Executing", body, due: "now" }, transaction);
    });
  }

  async function updatePipelineExecution(
    input: UpdatePipelineExecutionRequest,
    caller: Caller,
  ): Promise<UpdatePipelineExecutionResponse> {
    return await change(input.PipelineExecutionArn, caller, async (execution, transaction) => {
      const body = touched(execution, caller);
      const patch = {
        ...body,
        description: input.PipelineExecutionDescription ?? body.description,
        displayName: input.PipelineExecutionDisplayName ?? body.displayName,
        parallelism: input.ParallelismConfiguration ?? body.parallelism,
      };
      // More steps may be allowed to run at once by now.
      await resources.update(
        execution,
        isActiveExecution(execution) ? { body: patch, due: "now" } : { body: patch },
        transaction,
      );
    });
  }

  return { stopPipelineExecution, retryPipelineExecution, updatePipelineExecution };
}

/** What succeeded stays; everything else begins anew. */
function retriedBody(
  body: PipelineExecutionBody,
  {
    ClientRequestToken: retryToken,
    ParallelismConfiguration: parallelism = body.parallelism,
  }: RetryPipelineExecutionRequest,
): PipelineExecutionBody {
  const steps = body.steps.filter(({ status }) => status === "Succeeded");
  return { ...body, steps, parallelism, failureReason: undefined, retryToken };
}
