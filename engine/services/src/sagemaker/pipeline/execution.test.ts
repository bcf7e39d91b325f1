import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "@rondo/store";
import { openTestSql } from "@rondo/store/testing";
import { definitionOf, IN_PROCESSING, outputOf, processingStep, trainingStep } from "./testing/definitions.ts";
import { runPipelineHouse } from "./testing/pipeline-house.ts";

test("a processing step hands its output to a training step", async () => {
  await using sql = await openTestSql();
  await using house = await runPipelineHouse(sql, systemClock);
  const write = `${IN_PROCESSING}mkdir -p output/more; cat input/*.csv > output/1.csv; cp output/1.csv output/more/`;
  const steps = [trainingStep("Train", "train", outputOf("Prepare")), processingStep("Prepare", write)];
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
  assert.match(
    prepare?.Metadata?.ProcessingJob?.Arn ?? "",
    new RegExp(`processing-job/pipelines-${id}-prepare-[a-z0-9]{10}$`),
  );
  assert.match(train?.Metadata?.TrainingJob?.Arn ?? "", new RegExp(`training-job/pipelines-${id}-train-[a-z0-9]{10}$`));
  assert.ok((prepare?.EndTime ?? 0) <= (train?.StartTime ?? 0));
  assert.equal((await house.readObject(`${id}/Prepare/1.csv`)).toString(), "one\n");
});
