import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type {
  DescribePipelineExecutionResponse,
  ListPipelineExecutionStepsResponse,
  PipelineExecutionStep,
} from "@aws-sdk/client-sagemaker";
import { createControlLoop, type ResourceKind } from "@rondo/control";
import type { Clock, Sql } from "@rondo/store";
import { createInProcessClient, type ServiceDefinition } from "@rondo/wire";
import { createProcessingJobKind } from "../../processing-job-kind.ts";
import { createSageMakerService } from "../../sagemaker.ts";
import { caller, openJobHouse } from "../../testing/job-house.ts";
import { shellImages } from "../../testing/processing-house.ts";
import { testImages } from "../../testing/training-house.ts";
import { createTrainingJobKind } from "../../training-job-kind.ts";
import type { JsonObject } from "../definition.ts";
import { createPipelineExecutionKind, type PipelineExecutionKindDependencies } from "../execution-kind.ts";

export const ROLE = "arn:aws:iam::111122223333:role/pipeline";
const DEADLINE_MS = 20_000;

/** Pipelines with real training and processing jobs, on the given database. Operations are called in process. */
export async function openPipelineHouse(sql: Sql, clock: { now(): Date }) {
  const house = await openJobHouse(sql, clock);
  await house.objects.put({ ...caller, bucket: "data" }, "in/1.csv", Buffer.from("one\n"));
  const service = createSageMakerService({ ...house, images: testImages });
  const client = createInProcessClient(service);
  const { signal } = house.kindDependencies;

  async function call<Output = JsonObject>(operation: string, input: object): Promise<Output> {
    return (await client({ operation, input, caller, signal })) as Output;
  }

  return {
    ...house,
    service,
    call,
    createKind: (changes: Partial<PipelineExecutionKindDependencies> = {}) =>
      createPipelineExecutionKind({ ...house, sageMaker: service, signal, ...changes }),
    /** The kinds that run what steps create. */
    jobKinds: (): ResourceKind<object>[] => [
      createTrainingJobKind({ ...house.kindDependencies, images: testImages }) as ResourceKind<object>,
      createProcessingJobKind({ ...house.kindDependencies, images: shellImages }) as ResourceKind<object>,
    ],
    async createPipeline(name: string, definition: object): Promise<void> {
      await call("CreatePipeline", {
        PipelineName: name,
        RoleArn: ROLE,
        PipelineDefinition: JSON.stringify(definition),
      });
    },
    async start(name: string, input: object = {}): Promise<string> {
      const started = await call<{ PipelineExecutionArn: string }>("StartPipelineExecution", {
        PipelineName: name,
        ...input,
      });
      return started.PipelineExecutionArn;
    },
    describe: (arn: string) =>
      call<DescribePipelineExecutionResponse>("DescribePipelineExecution", { PipelineExecutionArn: arn }),
    /** The steps in the order in which they began. */
    async steps(arn: string): Promise<PipelineExecutionStep[]> {
      const input = { PipelineExecutionArn: arn, SortOrder: "Ascending" };
      const listed = await call<ListPipelineExecutionStepsResponse>("ListPipelineExecutionSteps", input);
      return listed.PipelineExecutionSteps ?? [];
    },
    /** Names and states of the steps, in the order in which they began. */
    async stepStates(arn: string): Promise<string[]> {
      return (await this.steps(arn)).map(({ StepName, StepStatus }) => `${StepName} ${StepStatus}`);
    },
    /** Completes the jobs whose names have this in them. */
    async endJobs(part: string): Promise<void> {
      const { accountId, region } = caller;
      for (const type of ["sagemaker/training-job", "sagemaker/processing-job"]) {
        const { resources: jobs } = await house.resources.list({
          accountId,
          region,
          type,
          nameContains: part,
          limit: 100,
        });
        for (const job of jobs) await house.resources.update(job, { status: "Completed", due: null });
      }
    },
    /** Waits until the execution has ended. */
    async ended(arn: string): Promise<DescribePipelineExecutionResponse> {
      return await this.until(
        arn,
        ({ PipelineExecutionStatus: status = "" }) => !["Executing", "Stopping"].includes(status),
      );
    },
    async until(
      arn: string,
      condition: (execution: DescribePipelineExecutionResponse, steps: readonly PipelineExecutionStep[]) => boolean,
    ): Promise<DescribePipelineExecutionResponse> {
      for (const deadline = performance.now() + DEADLINE_MS; performance.now() < deadline; await delay(10)) {
        const execution = await this.describe(arn);
        if (condition(execution, await this.steps(arn))) return execution;
      }
      assert.fail(`the pipeline execution did not get there: ${JSON.stringify(await this.steps(arn))}`);
    },
  };
}

export type PipelineHouse = Awaited<ReturnType<typeof openPipelineHouse>>;

export interface RunningHouseOptions {
  /** Replaces SageMaker and its jobs' programs: only executions are run then. */
  readonly sageMaker?: (house: PipelineHouse) => ServiceDefinition;
}

/** A house whose control loop runs everything. */
export async function runPipelineHouse(sql: Sql, clock: Clock, { sageMaker }: RunningHouseOptions = {}) {
  const house = await openPipelineHouse(sql, clock);
  const kind = house.createKind(sageMaker === undefined ? {} : { sageMaker: sageMaker(house) }) as ResourceKind<object>;
  const kinds = sageMaker === undefined ? [...house.jobKinds(), kind] : [kind];
  const loop = createControlLoop({ resources: house.resources, kinds, clock });
  await loop.start();
  return {
    ...house,
    /** Waits until nothing is due. */
    idle: () => loop.idle(),
    async [Symbol.asyncDispose]() {
      await loop.stop();
      await house[Symbol.asyncDispose]();
    },
  };
}
