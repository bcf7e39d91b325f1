import assert from "node:assert/strict";
import { after, test } from "node:test";
import { CreateModelPackageCommand, CreateModelPackageGroupCommand } from "@aws-sdk/client-sagemaker";
import {
  ConditionStep,
  conditionGreaterThanOrEqualTo,
  FailStep,
  ParameterFloat,
  ParameterString,
  Pipeline,
  PipelineExecution,
  ProcessingStep,
  Processor,
  Session,
} from "@rondo/sdk";
import { startTestServer } from "@rondo/server/testing";
import { createServerCommandLine } from "./testing/server-command-line.ts";

const server = await startTestServer();
const session = new Session(server.clientConfig);
after(async () => {
  session.close();
  await server.close();
});

const { rondo, rondoJson } = createServerCommandLine(server);

/** Runs `program`, a Node program, and then fails unless Accuracy is 0.8 or more. */
async function createPipeline(name: string, program: string): Promise<void> {
  const accuracy = new ParameterFloat({ name: "Accuracy", defaultValue: 0.5 });
  const source = new ParameterString({ name: "Program", defaultValue: program });
  const request = await new Processor({ imageUri: "node:24", role: "Processor", session }).request();
  const AppSpecification = { ImageUri: "node:24", ContainerEntrypoint: ["node", "-e", source] };
  const run = new ProcessingStep({ name: "Run", arguments: { ...request, AppSpecification } });
  const check = new ConditionStep({
    name: "Check",
    dependsOn: [run],
    conditions: [conditionGreaterThanOrEqualTo(accuracy, 0.8)],
    elseSteps: [new FailStep({ name: "Refuse", errorMessage: "not good enough" })],
  });
  await new Pipeline({ name, session, parameters: [accuracy, source], steps: [run, check] }).upsert("Pipeline");
}

test("a pipeline is listed, started, drawn, retried and stopped", async () => {
  assert.equal((await rondo(["pipelines"], { isTTY: true })).stdout, "There are no pipelines.\n");
  for (const line of [["executions"], ["describe"], ["start"], ["stop"], ["retry"]]) {
    const { exitCode, stderr } = await rondo(["pipelines", ...line, "none"]);
    assert.equal(exitCode, 4, stderr);
    assert.match(stderr, /pipeline none/);
  }
  await createPipeline("Reviews", "console.log('done')");
  assert.match((await rondo(["pipelines"])).stdout, /^Reviews\t/m);
  assert.match((await rondo(["pipelines", "describe", "Reviews"])).stderr, /has not been started yet/);
  assert.equal((await rondo(["pipelines", "start", "Reviews", "Accuracy"])).exitCode, 2);

  const good = await rondo(["pipelines", "start", "Reviews", "Accuracy=0.9", "--wait"]);
  assert.equal(good.exitCode, 0, good.stderr);
  assert.match(good.stdout, /^Execution [a-z0-9]{12}: Succeeded\n✔ Run +Processing +Succeeded/m);
  assert.match(good.stdout, /✔ Check +Condition +Succeeded .*after Run; outcome True\n  else\n    · Refuse +Fail$/m);

  const bad = await rondo(["pipelines", "start", "Reviews", "--wait"]);
  assert.equal(bad.exitCode, 1);
  assert.match(bad.stderr, /Refuse: not good enough/);
  const listed = await rondo(["pipelines", "executions", "Reviews"]);
  assert.match(listed.stdout, /^[a-z0-9]{12}\tFailed\t.*\n[a-z0-9]{12}\tSucceeded\t/m);
  const drawn = await rondo(["pipelines", "describe", "Reviews"]);
  assert.match(drawn.stdout, /✘ Refuse +Fail +Failed .*not good enough$/m);

  const retried = await rondoJson<{ PipelineExecutionArn: string }>(["pipelines", "retry", "Reviews"]);
  assert.match(retried.PipelineExecutionArn, /pipeline\/reviews\/execution\/[a-z0-9]{12}$/);
});

test("a pipeline that runs is stopped, with its job", async () => {
  await createPipeline("Endless", "setInterval(() => {}, 1000)");
  const { PipelineExecutionArn: arn } = await rondoJson<{ PipelineExecutionArn: string }>([
    "pipelines",
    "start",
    "Endless",
  ]);
  const id = arn.slice(-12);
  const stopped = await rondo(["pipelines", "stop", "Endless", id]);
  assert.match(stopped.stdout, /was asked to stop/, stopped.stderr);
  await assert.rejects(new PipelineExecution(arn, session).wait({ timeoutMs: 30_000 }), { status: "Stopped" });
  assert.match((await rondo(["pipelines", "describe", "Endless", id])).stdout, new RegExp(`^Execution ${id}: Stopped`));
});

test("versions of the registry are listed, described, approved and rejected", async () => {
  assert.equal((await rondo(["models"], { isTTY: true })).stdout, "The registry is empty.\n");
  const missing = await rondo(["models", "describe", "reviews/1"]);
  assert.equal(missing.exitCode, 4, missing.stderr);
  const { sagemaker } = session;
  const ModelPackageGroupName = "reviews";
  await sagemaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName }));
  assert.match((await rondo(["models"])).stdout, /^reviews\tCompleted\t/m);
  assert.equal((await rondo(["models", "list", "reviews"], { isTTY: true })).stdout, "reviews has no versions.\n");
  const Containers = [{ Image: "blazingtext:1", ModelDataUrl: "s3://models/reviews/model.tar.gz" }];
  const InferenceSpecification = {
    Containers,
    SupportedContentTypes: ["application/json"],
    SupportedResponseMIMETypes: ["application/json"],
  };
  await sagemaker.send(
    new CreateModelPackageCommand({
      ModelPackageGroupName,
      InferenceSpecification,
      ModelApprovalStatus: "PendingManualApproval",
      CustomerMetadataProperties: { accuracy: "0.9" },
    }),
  );
  assert.match((await rondo(["models", "list", "reviews"])).stdout, /^reviews\/1\tPendingManualApproval\t/m);
  const approved = await rondo(["models", "approve", "reviews/1", "--reason", "checked by hand"]);
  assert.equal(approved.stdout, "reviews/1 is Approved.\n", approved.stderr);
  const described = await rondo(["models", "describe", "reviews/1"]);
  assert.match(described.stdout, /^Approval +Approved\nReason +checked by hand$/m);
  assert.match(described.stdout, /^ +accuracy +0\.9$/m);
  await rondo(["models", "reject", "reviews/1"]);
  const model = await rondoJson<{ ModelApprovalStatus: string }>(["models", "describe", "reviews/1"]);
  assert.equal(model.ModelApprovalStatus, "Rejected");
  assert.equal((await rondo(["models", "approve", "reviews/2"])).exitCode, 4);
  assert.equal((await rondo(["models", "approve", "reviews"])).exitCode, 2);
});
