import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import type { JsonObject } from "./definition.ts";
import {
  definitionOf,
  IN_PROCESSING,
  outputOf,
  processingStep,
  registerModelStep,
  trainingStep,
} from "./testing/definitions.ts";
import { runPipelineHouse } from "./testing/pipeline-house.ts";

const PREPARE = `${IN_PROCESSING}mkdir -p output/more; cat input/*.csv > output/1.csv; cp output/1.csv output/more/`;

test("a processing step hands its output to a training step", async () => {
  await using sql = await openTestSql();
  await using house = await runPipelineHouse(sql, systemClock);
  const steps = [trainingStep("Train", "train", outputOf("Prepare")), processingStep("Prepare", PREPARE)];
  await house.createPipeline("Linear", definitionOf(steps));
  const arn = await house.start("Linear");
  assert.match(arn, /^arn:aws:sagemaker:eu-west-1:111122223333:pipeline\/linear\/execution\/[a-z0-9]{12}$/);
  const { PipelineExecutionStatus: status } = await house.ended(arn);
  const listed = await house.steps(arn);
  assert.equal(status, "Succeeded", JSON.stringify(listed));
  const id = arn.slice(-12);
  assert.deepEqual(
    listed.map(({ StepName, StepStatus, AttemptCount }) => [StepName, StepStatus, AttemptCount]),
    [
      ["Prepare", "Succeeded", 1],
      ["Train", "Succeeded", 1],
    ],
  );
  const [prepare, train] = listed;
  const job = prepare?.Metadata?.ProcessingJob?.Arn ?? "";
  assert.match(job, new RegExp(`processing-job/pipelines-${id}-prepare-[a-z0-9]{10}$`));
  assert.match(train?.Metadata?.TrainingJob?.Arn ?? "", new RegExp(`training-job/pipelines-${id}-train-[a-z0-9]{10}$`));
  assert.ok((prepare?.EndTime ?? 0) <= (train?.StartTime ?? 0));
  assert.equal((await house.readObject(`${id}/Prepare/1.csv`)).toString(), "one\n");
});

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
  const [, , evaluate, isGood, register] = await house.steps(good);
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

/** Succeeds once the object `in/flag` is there. */
const WANT_FLAG = `${IN_PROCESSING}test -f input/flag`;

test("after a failure the running steps end, no others begin, and a retry goes on from there", async () => {
  await using sql = await openTestSql();
  await using house = await runPipelineHouse(sql, systemClock);
  const steps: JsonObject[] = [
    processingStep("First", "true"),
    processingStep("Fails", WANT_FLAG, { DependsOn: ["First"] }),
    processingStep("Slow", "sleep 0.7", { DependsOn: ["First"] }),
    processingStep("AfterSlow", "true", { DependsOn: ["Slow"] }),
    processingStep("Last", "true", { DependsOn: ["Fails", "AfterSlow"] }),
  ];
  await house.createPipeline("Failing", definitionOf(steps));
  const arn = await house.start("Failing");
  assert.equal((await house.ended(arn)).PipelineExecutionStatus, "Failed");
  assert.deepEqual(await house.stepStates(arn), ["First Succeeded", "Fails Failed", "Slow Succeeded"]);
  const [first, fails] = await house.steps(arn);
  assert.match(fails?.FailureReason ?? "", /exit code: 1/i);
  await assert.rejects(house.call("StopPipelineExecution", { PipelineExecutionArn: arn }), {
    name: "ConflictException",
  });
  await house.objects.put({ accountId: "111122223333", bucket: "data" }, "in/flag", Buffer.from(""));
  await house.call("RetryPipelineExecution", { PipelineExecutionArn: arn });
  assert.equal((await house.ended(arn)).PipelineExecutionStatus, "Succeeded");
  const again = await house.steps(arn);
  assert.deepEqual(again[0], first);
  assert.deepEqual(again.map(({ StepName }) => StepName).toSorted(), ["AfterSlow", "Fails", "First", "Last", "Slow"]);
  assert.notEqual(
    again.find(({ StepName }) => StepName === "Fails")?.Metadata?.ProcessingJob?.Arn,
    fails?.Metadata?.ProcessingJob?.Arn,
  );
  await assert.rejects(house.call("RetryPipelineExecution", { PipelineExecutionArn: arn }), {
    name: "ConflictException",
  });
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
