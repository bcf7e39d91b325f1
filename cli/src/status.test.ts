import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  CreatePipelineCommand,
  CreateProcessingJobCommand,
  type CreateProcessingJobRequest,
  StartPipelineExecutionCommand,
  StopPipelineExecutionCommand,
  StopProcessingJobCommand,
} from "@aws-sdk/client-sagemaker";
import { Session } from "@rondo/sdk";
import { startTestServer } from "@rondo/server/testing";
import { createServerCommandLine } from "./testing/server-command-line.ts";

const server = await startTestServer();
const session = new Session(server.clientConfig);
after(async () => {
  session.close();
  await server.close();
});

const { rondo, rondoJson } = createServerCommandLine(server);
const DEADLINE_MS = 60_000;
const RoleArn = "arn:aws:iam::000000000000:role/processing";
/** A processing job that ends when it is told to. */
const WAITING: Omit<CreateProcessingJobRequest, "ProcessingJobName"> = {
  RoleArn,
  AppSpecification: {
    ImageUri: "public.ecr.aws/docker/library/node:24",
    ContainerEntrypoint: ["node", "-e", "setTimeout(() => undefined, 600_000)"],
  },
  ProcessingResources: { ClusterConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 1 } },
};

interface Counts {
  readonly trainingJobsInProgress: number;
  readonly processingJobsInProgress: number;
  readonly pipelineExecutionsExecuting: number;
}

/** Polls until the server is doing this. */
async function untilStatus(processing: number, executions: number): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const status = await rondoJson<Counts>(["status"]);
    assert.equal(status.trainingJobsInProgress, 0);
    const { processingJobsInProgress, pipelineExecutionsExecuting } = status;
    if (processingJobsInProgress === processing && pipelineExecutionsExecuting === executions) return;
    assert.ok(performance.now() < deadline, JSON.stringify(status));
    await delay(50);
  }
}

test("status counts processing jobs and pipeline executions beside training jobs", async () => {
  await untilStatus(0, 0);
  await session.sagemaker.send(new CreateProcessingJobCommand({ ...WAITING, ProcessingJobName: "alone" }));
  await untilStatus(1, 0);
  const Steps = [{ Name: "Wait", Type: "Processing", Arguments: WAITING }];
  const PipelineDefinition = JSON.stringify({ Version: "2020-12-01", Steps });
  const pipeline = { PipelineName: "waits", PipelineDefinition, RoleArn, ClientRequestToken: "x".repeat(32) };
  await session.sagemaker.send(new CreatePipelineCommand(pipeline));
  const { PipelineExecutionArn } = await session.sagemaker.send(
    new StartPipelineExecutionCommand({ PipelineName: "waits", ClientRequestToken: "y".repeat(32) }),
  );
  await untilStatus(2, 1);
  assert.match(
    (await rondo(["status"])).stdout,
    /^Processing jobs in progress: 2\nPipeline executions that run: 1\nEndpoints in service: 0$/m,
  );
  await session.sagemaker.send(new StopProcessingJobCommand({ ProcessingJobName: "alone" }));
  await session.sagemaker.send(
    new StopPipelineExecutionCommand({ PipelineExecutionArn, ClientRequestToken: "z".repeat(32) }),
  );
  await untilStatus(0, 0);
});
