import assert from "node:assert/strict";
import { test } from "node:test";
import { createManualClock } from "@rondo/control/testing";
import { systemClock } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { awsError, type OperationHandler } from "@rondo/wire";
import { caller } from "../testing/job-house.ts";
import type { JsonObject } from "./definition.ts";
import { definitionOf, outputOf, processingStep, registerModelStep, trainingStep } from "./testing/definitions.ts";
import { type JobEnd, withJobsThatEnd } from "./testing/ended-jobs.ts";
import { type PipelineHouse, ROLE, runPipelineHouse } from "./testing/pipeline-house.ts";

const completed = (): JobEnd => ({ status: "Completed" });
const allComplete = (house: PipelineHouse) => withJobsThatEnd(house, completed);

async function startAndEnd(house: Awaited<ReturnType<typeof runPipelineHouse>>, name: string, input: object = {}) {
  const arn = await house.start(name, input);
  await house.ended(arn);
  return { arn, steps: await house.steps(arn) };
}

test("a step with a CacheConfig uses an earlier result, until it expires or is deleted", async () => {
  await using sql = await openTestSql();
  const clock = createManualClock();
  await using house = await runPipelineHouse(sql, clock, { sageMaker: allComplete });
  const bucket = { ...caller, bucket: "data" };
  const CacheConfig = { Enabled: true, ExpireAfter: "PT1H" };
  const prepare = processingStep("Prepare", { Get: "Parameters.Script" }, { CacheConfig });
  const train = trainingStep("Train", "train", outputOf("Prepare"), { CacheConfig });
  const parameters = [{ Name: "Script", Type: "String", DefaultValue: "true" }];
  await house.createPipeline("Cached", definitionOf([prepare, train], parameters));
  const hits = (steps: readonly { readonly CacheHitResult?: { readonly SourcePipelineExecutionArn?: string } }[]) =>
    steps.map(({ CacheHitResult: hit }) => hit?.SourcePipelineExecutionArn);

  const first = await startAndEnd(house, "Cached");
  await house.objects.put(bucket, `${first.arn.slice(-12)}/Prepare/1.csv`, Buffer.from("1"));
  for (const { Metadata } of first.steps) {
    const [row] = await sql.query<{ name: string }>("select name from resource where arn = $1", [
      Metadata?.TrainingJob?.Arn,
    ]);
    if (row !== undefined) await house.objects.put(bucket, `models/${row.name}/output/model.tar.gz`, Buffer.from("1"));
  }
  assert.deepEqual(hits(first.steps), [undefined, undefined]);

  clock.advance(30 * 60_000);
  const second = await startAndEnd(house, "Cached");
  assert.deepEqual(hits(second.steps), [first.arn, first.arn]);
  assert.deepEqual(
    second.steps.map(({ Metadata }) => Metadata),
    first.steps.map(({ Metadata }) => Metadata),
  );

  const other = await startAndEnd(house, "Cached", { PipelineParameters: [{ Name: "Script", Value: "false" }] });
  assert.deepEqual(hits(other.steps), [undefined, undefined]);

  clock.advance(31 * 60_000);
  assert.deepEqual(hits((await startAndEnd(house, "Cached")).steps), [undefined, undefined], "it has expired");

  await house.objects.delete(bucket, `${first.arn.slice(-12)}/Prepare/1.csv`);
  assert.equal(hits((await startAndEnd(house, "Cached")).steps)[0], undefined, "its output is gone");
});

test("a step is tried again as its RetryPolicies say, by the clock", async () => {
  await using sql = await openTestSql();
  const clock = createManualClock();
  let throttled = 2;
  const failures = ["InternalServerError: the machine was restarted", "AlgorithmError: bad data"];
  const sageMaker = (house: PipelineHouse) => {
    const service = withJobsThatEnd(house, () => ({ status: "Failed", failureReason: failures.shift() ?? "none" }));
    const original = service.operations.CreateProcessingJob as OperationHandler<unknown>;
    const CreateProcessingJob: OperationHandler<unknown> = (...call) => {
      throttled -= 1;
      if (throttled >= 0) throw awsError("ThrottlingException", "Rate exceeded");
      return original(...call);
    };
    return {
      ...service,
      operations: { ...service.operations, CreateProcessingJob: CreateProcessingJob as OperationHandler },
    };
  };
  await using house = await runPipelineHouse(sql, clock, { sageMaker });
  const RetryPolicies = [
    { ExceptionType: ["Step.THROTTLING"], IntervalSeconds: 10, BackoffRate: 2, MaxAttempts: 5 },
    { ExceptionType: ["SageMaker.JOB_INTERNAL_ERROR"], IntervalSeconds: 60, BackoffRate: 1, MaxAttempts: 5 },
  ];
  await house.createPipeline("Retried", definitionOf([processingStep("Flaky", "true", { RetryPolicies })]));
  const arn = await house.start("Retried");
  const attempts: number[] = [];
  for (const seconds of [0, 10, 20, 60]) {
    clock.advance((seconds - 1) * 1000);
    await house.idle();
    clock.advance(1000);
    await house.idle();
    attempts.push((await house.steps(arn))[0]?.AttemptCount ?? 0);
  }
  assert.deepEqual(attempts, [2, 3, 4, 4]);
  const [flaky] = await house.steps(arn);
  assert.deepEqual([flaky?.StepStatus, flaky?.FailureReason], ["Failed", "AlgorithmError: bad data"]);
  assert.equal((await house.ended(arn)).PipelineExecutionStatus, "Failed");
  const jobs = await house.call("ListProcessingJobs", {});
  assert.equal((jobs.ProcessingJobSummaries as JsonObject[]).length, 2);
});

test("no more steps run at once than MaxParallelExecutionSteps", async () => {
  await using sql = await openTestSql();
  await using house = await runPipelineHouse(sql, systemClock);
  const steps = ["A", "B", "C", "D"].map((name) => processingStep(name, "true"));
  await house.createPipeline("Parallel", definitionOf(steps));
  const arn = await house.start("Parallel", { ParallelismConfiguration: { MaxParallelExecutionSteps: 2 } });
  let most = 0;
  await house.until(arn, ({ PipelineExecutionStatus: status }, listed) => {
    most = Math.max(most, listed.filter(({ EndTime }) => EndTime === undefined).length);
    return status === "Succeeded";
  });
  assert.equal(most, 2);
  const times = (await house.steps(arn)).map(({ StartTime, EndTime }) => [Number(StartTime), Number(EndTime)] as const);
  for (const [start] of times) {
    assert.ok(times.filter(([from, to]) => from <= start && start < to).length <= 2, JSON.stringify(times));
  }
});

test("an execution of selected steps takes the others' results from its source", async () => {
  await using sql = await openTestSql();
  await using house = await runPipelineHouse(sql, systemClock, { sageMaker: allComplete });
  const steps = [
    processingStep("Prepare", "true"),
    trainingStep("Train", "train", outputOf("Prepare")),
    processingStep("Report", "true", { DependsOn: ["Train"] }),
  ];
  await house.createPipeline("Selected", definitionOf(steps));
  const source = await startAndEnd(house, "Selected");
  const selecting = (names: readonly string[], SourcePipelineExecutionArn?: string) => ({
    SelectiveExecutionConfig: { SourcePipelineExecutionArn, SelectedSteps: names.map((StepName) => ({ StepName })) },
  });
  const { arn, steps: listed } = await startAndEnd(house, "Selected", selecting(["Train"], source.arn));
  assert.equal((await house.describe(arn)).PipelineExecutionStatus, "Succeeded");
  assert.deepEqual(
    listed.map(({ StepName, SelectiveExecutionResult: result }) => [StepName, result?.SourcePipelineExecutionArn]),
    [
      ["Prepare", source.arn],
      ["Train", undefined],
    ],
  );
  assert.deepEqual(listed[0]?.Metadata, source.steps[0]?.Metadata);
  assert.notDeepEqual(listed[1]?.Metadata, source.steps[1]?.Metadata);
  await assert.rejects(house.start("Selected", selecting(["Train"])), /need the results of Prepare/);
  await assert.rejects(house.start("Selected", selecting(["Other"], source.arn)), /selected step Other is not/);
  await assert.rejects(house.start("Selected", selecting(["Report"], `${source.arn.slice(0, -3)}zzz`)), {
    name: "ResourceNotFound",
  });
});

test("a stopped execution brings to its end what it was creating and cannot stop, and leaves the rest", async () => {
  await using sql = await openTestSql();
  const clock = createManualClock();
  let stop: (() => Promise<unknown>) | undefined;
  const sageMaker = (house: PipelineHouse) => {
    const service = withJobsThatEnd(house, completed);
    const original = service.operations.CreateModelPackageGroup as OperationHandler<unknown>;
    const CreateModelPackageGroup: OperationHandler<unknown> = async (...call) => {
      await stop?.();
      return await original(...call);
    };
    const operations = { ...service.operations, CreateModelPackageGroup: CreateModelPackageGroup as OperationHandler };
    return { ...service, operations };
  };
  await using house = await runPipelineHouse(sql, clock, { sageMaker });
  const steps = [
    trainingStep("Train", "train", "s3://data/in"),
    registerModelStep("Register", "Train"),
    processingStep("Later", "true", { DependsOn: ["Register"] }),
  ];
  await house.createPipeline("Stopped", definitionOf(steps));
  const arn = await house.start("Stopped");
  stop = () => house.call("StopPipelineExecution", { PipelineExecutionArn: arn });
  assert.equal((await house.ended(arn)).PipelineExecutionStatus, "Stopped");
  assert.deepEqual(await house.stepStates(arn), ["Train Succeeded", "Register Succeeded"]);
  stop = undefined;
  await house.call("RetryPipelineExecution", { PipelineExecutionArn: arn });
  assert.equal((await house.ended(arn)).PipelineExecutionStatus, "Succeeded");
  const registered = await house.call("ListModelPackages", { ModelPackageGroupName: "sentiment" });
  assert.equal((registered.ModelPackageSummaryList as JsonObject[]).length, 1);
});

test("selected steps get the parameters of the source, unless they are given others", async () => {
  await using sql = await openTestSql();
  await using house = await runPipelineHouse(sql, createManualClock(), { sageMaker: allComplete });
  const names = ["A", "B"];
  const steps = names.map((name) => processingStep(name, { Get: `Parameters.${name}` }));
  const parameters = names.map((Name) => ({ Name, Type: "String", DefaultValue: "default" }));
  await house.createPipeline("Selected", definitionOf(steps, parameters));
  const given = (Value: string, ...of: readonly string[]) => of.map((Name) => ({ Name, Value }));
  const source = await startAndEnd(house, "Selected", { PipelineParameters: given("first", "A", "B") });
  const arn = await house.start("Selected", {
    SelectiveExecutionConfig: { SourcePipelineExecutionArn: source.arn, SelectedSteps: [{ StepName: "A" }] },
    PipelineParameters: given("second", "B"),
  });
  const listed = await house.call("ListPipelineParametersForExecution", { PipelineExecutionArn: arn });
  assert.deepEqual(listed.PipelineParameters, [...given("first", "A"), ...given("second", "B")]);
});

test("an endpoint configuration of the same name counts as made only when it is all that the step asks for", async () => {
  await using sql = await openTestSql();
  await using house = await runPipelineHouse(sql, createManualClock(), { sageMaker: (of) => of.service });
  await house.call("CreateModel", { ModelName: "m", ExecutionRoleArn: ROLE, PrimaryContainer: { Image: "none:1" } });
  const configOf = (InstanceType: string): JsonObject => ({
    EndpointConfigName: "config",
    ProductionVariants: [{ VariantName: "v", ModelName: "m", InitialInstanceCount: 1, InstanceType }],
  });
  const step = (InstanceType: string) =>
    definitionOf([{ Name: "Config", Type: "EndpointConfig", Arguments: configOf(InstanceType) }]);
  await house.createPipeline("Same", step("ml.m5.large"));
  await house.createPipeline("Other", step("ml.m5.xlarge"));
  await house.call("CreateEndpointConfig", configOf("ml.m5.large"));
  assert.equal((await startAndEnd(house, "Same")).steps[0]?.StepStatus, "Succeeded");
  const [other] = (await startAndEnd(house, "Other")).steps;
  assert.equal(other?.StepStatus, "Failed");
  assert.match(other?.FailureReason ?? "", /already exist/);
});
