import assert from "node:assert/strict";
import { test } from "node:test";
import { createManualClock } from "@rondo/control/testing";
import { systemClock } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import type { OperationHandler } from "@rondo/wire";
import type { JsonObject } from "./definition.ts";
import {
  definitionOf,
  IN_PROCESSING,
  outputOf,
  processingStep,
  registerModelStep,
  trainingStep,
} from "./testing/definitions.ts";
import { withJobsThatEnd } from "./testing/ended-jobs.ts";
import { type PipelineHouse, runPipelineHouse } from "./testing/pipeline-house.ts";

const PREPARE = `${IN_PROCESSING}mkdir -p output/more; cat input/*.csv > output/1.csv; cp output/1.csv output/more/`;

/** Prepare → Train → Evaluate → IsGood ? Register : Refuse, as the SDK's examples have it. */
const loop = definitionOf(
  [
    processingStep("Prepare", PREPARE),
    trainingStep("Train", "train", outputOf("Prepare")),
    processingStep(
      "Evaluate",
      {
        "Std:Join": {
          On: "",
          Values: [
            IN_PROCESSING,
            'mkdir -p output; echo "{\\"metrics\\":{\\"accuracy\\":',
            { Get: "Parameters.Measured" },
            '}}" > output/evaluation.json',
          ],
        },
      },
      {
        DependsOn: ["Train"],
        DisplayName: "Evaluation",
        PropertyFiles: [{ PropertyFileName: "report", OutputName: "out", FilePath: "evaluation.json" }],
      },
    ),
    {
      Name: "IsGood",
      Type: "Condition",
      Arguments: {
        Conditions: [
          {
            Type: "GreaterThanOrEqualTo",
            LeftValue: {
              "Std:JsonGet": { PropertyFile: { Get: "Steps.Evaluate.PropertyFiles.report" }, Path: "metrics.accuracy" },
            },
            RightValue: { Get: "Parameters.Threshold" },
          },
        ],
        IfSteps: [
          registerModelStep("Register", "Train", { ModelApprovalStatus: "Approved" }),
          {
            Name: "Create",
            Type: "Model",
            Arguments: {
              ExecutionRoleArn: "arn:aws:iam::111122223333:role/model",
              PrimaryContainer: { ModelPackageName: { Get: "Steps.Register.ModelPackageArn" } },
            },
          },
        ],
        ElseSteps: [
          {
            Name: "Refuse",
            Type: "Fail",
            Arguments: {
              ErrorMessage: { "Std:Join": { On: " ", Values: ["accuracy is below", { Get: "Parameters.Threshold" }] } },
            },
          },
        ],
      },
    },
  ],
  [
    { Name: "Threshold", Type: "Float", DefaultValue: 0.8 },
    { Name: "Measured", Type: "String", DefaultValue: "0.9" },
  ],
);

test("registers what the condition on a property file lets through, and fails with the message otherwise", async () => {
  await using sql = await openTestSql();
  await using house = await runPipelineHouse(sql, systemClock);
  await house.createPipeline("Loop", loop);
  const good = await house.start("Loop");
  const bad = await house.start("Loop", { PipelineParameters: [{ Name: "Measured", Value: "0.5" }] });
  assert.equal((await house.ended(good)).PipelineExecutionStatus, "Succeeded", JSON.stringify(await house.steps(good)));
  const { PipelineExecutionStatus: status, FailureReason: reason } = await house.ended(bad);
  assert.deepEqual([status, reason], ["Failed", "Step failure: One or multiple steps failed."]);
  assert.deepEqual(await house.stepStates(good), [
    "Prepare Succeeded",
    "Train Succeeded",
    "Evaluate Succeeded",
    "IsGood Succeeded",
    "Register Succeeded",
    "Create Succeeded",
  ]);
  assert.match(good, /^arn:aws:sagemaker:eu-west-1:111122223333:pipeline\/loop\/execution\/[a-z0-9]{12}$/);
  const [prepare, train, evaluate, isGood, register] = await house.steps(good);
  const id = good.slice(-12);
  const processed = prepare?.Metadata?.ProcessingJob?.Arn ?? "";
  assert.match(processed, new RegExp(`processing-job/pipelines-${id}-prepare-[a-z0-9]{10}$`));
  assert.match(train?.Metadata?.TrainingJob?.Arn ?? "", new RegExp(`training-job/pipelines-${id}-train-[a-z0-9]{10}$`));
  assert.equal((await house.readObject(`${id}/Prepare/1.csv`)).toString(), "one\n");
  assert.equal(evaluate?.StepDisplayName, "Evaluation");
  assert.equal(isGood?.Metadata?.Condition?.Outcome, "True");
  const arn = register?.Metadata?.RegisterModel?.Arn;
  assert.equal(arn, "arn:aws:sagemaker:eu-west-1:111122223333:model-package/sentiment/1");
  const registered = await house.call("DescribeModelPackage", { ModelPackageName: arn });
  assert.deepEqual(registered.MetadataProperties, { GeneratedBy: good });
  assert.equal(registered.ModelApprovalStatus, "Approved");
  const refused = (await house.steps(bad)).at(-1);
  assert.deepEqual([refused?.StepName, refused?.StepStatus], ["Refuse", "Failed"]);
  assert.deepEqual(refused?.Metadata, { Fail: { ErrorMessage: "accuracy is below 0.8" } });
});

test("after a failure the running steps end, no others begin, and a retry goes on from there", async () => {
  await using sql = await openTestSql();
  let failing = true;
  const sageMaker = (of: PipelineHouse) =>
    withJobsThatEnd(of, (_, name) => {
      if (name.includes("-Slow-")) return undefined;
      return failing && name.includes("-Fails-")
        ? { status: "Failed", failureReason: "bad data" }
        : { status: "Completed" };
    });
  const clock = createManualClock();
  await using house = await runPipelineHouse(sql, clock, { sageMaker });
  const steps: JsonObject[] = [
    processingStep("First", "true"),
    processingStep("Fails", "true", { DependsOn: ["First"] }),
    processingStep("Slow", "true", { DependsOn: ["First"] }),
    processingStep("AfterSlow", "true", { DependsOn: ["Slow"] }),
    processingStep("Last", "true", { DependsOn: ["Fails", "AfterSlow"] }),
  ];
  await house.createPipeline("Failing", definitionOf(steps));
  const arn = await house.start("Failing");
  await house.until(arn, (_, [, fails, slow]) => fails?.StepStatus === "Failed" && slow?.StepStatus === "Executing");
  await house.endJobs("-Slow-");
  await house.idle();
  clock.advance(60_000);
  await house.idle();
  assert.equal((await house.ended(arn)).PipelineExecutionStatus, "Failed");
  assert.deepEqual(await house.stepStates(arn), ["First Succeeded", "Fails Failed", "Slow Succeeded"]);
  const [first, fails] = await house.steps(arn);
  assert.equal(fails?.FailureReason, "bad data");
  const execution = { PipelineExecutionArn: arn };
  await assert.rejects(house.call("StopPipelineExecution", execution), { name: "ConflictException" });
  failing = false;
  await house.call("RetryPipelineExecution", execution);
  assert.equal((await house.ended(arn)).PipelineExecutionStatus, "Succeeded");
  const again = await house.steps(arn);
  assert.deepEqual(again[0], first);
  assert.deepEqual(again.map(({ StepName }) => StepName).toSorted(), ["AfterSlow", "Fails", "First", "Last", "Slow"]);
  assert.notEqual(
    again.find(({ StepName }) => StepName === "Fails")?.Metadata?.ProcessingJob?.Arn,
    fails?.Metadata?.ProcessingJob?.Arn,
  );
  await assert.rejects(house.call("RetryPipelineExecution", execution), { name: "ConflictException" });
});

test("an execution that cannot be reconciled stops what its other steps have started, and is then Failed", async () => {
  await using sql = await openTestSql();
  const sageMaker = (of: PipelineHouse) => {
    const service = withJobsThatEnd(of, (operation) =>
      operation.startsWith("Stop") ? { status: "Stopped" } : undefined,
    );
    const DescribeProcessingJob: OperationHandler = () => Promise.reject(new Error("the row cannot be read"));
    return { ...service, operations: { ...service.operations, DescribeProcessingJob } };
  };
  const clock = createManualClock();
  await using house = await runPipelineHouse(sql, clock, { sageMaker });
  const steps = [processingStep("Broken", "true"), trainingStep("Train", "train", "s3://data/in")];
  await house.createPipeline("Hopeless", definitionOf(steps));
  const arn = await house.start("Hopeless");
  const { PipelineExecutionStatus: status, FailureReason: reason } = await house.until(
    arn,
    ({ PipelineExecutionStatus: now }) => {
      clock.advance(10_000);
      return now === "Failed";
    },
  );
  assert.deepEqual([status, reason], ["Failed", "InternalServerError: the row cannot be read"]);
  const [broken] = await house.steps(arn);
  assert.equal(broken?.FailureReason, "the row cannot be read");
  const jobs = await house.call("ListTrainingJobs", {});
  assert.deepEqual(
    (jobs.TrainingJobSummaries as JsonObject[]).map((job) => job.TrainingJobStatus),
    ["Stopped"],
  );
});

test("stopping an execution stops its jobs", async () => {
  await using sql = await openTestSql();
  await using house = await runPipelineHouse(sql, systemClock);
  await house.objects.put({ accountId: "111122223333", bucket: "data" }, "train/1.csv", Buffer.from("1"));
  const steps = [
    trainingStep("Train", "wait", "s3://data/train"),
    processingStep("Never", "true", { DependsOn: ["Train"] }),
  ];
  await house.createPipeline("Stopped", definitionOf(steps));
  const arn = await house.start("Stopped");
  await house.until(arn, (_, [step]) => step?.StepStatus === "Executing");
  await assert.rejects(house.call("DeletePipeline", { PipelineName: "Stopped" }), { name: "ConflictException" });
  await house.call("StopPipelineExecution", { PipelineExecutionArn: arn });
  assert.equal((await house.ended(arn)).PipelineExecutionStatus, "Stopped");
  const [train, ...others] = await house.steps(arn);
  assert.deepEqual([train?.StepStatus, others], ["Stopped", []]);
  const jobs = await house.call("ListTrainingJobs", { StatusEquals: "Stopped" });
  assert.equal((jobs.TrainingJobSummaries as JsonObject[])[0]?.TrainingJobArn, train?.Metadata?.TrainingJob?.Arn);
});
