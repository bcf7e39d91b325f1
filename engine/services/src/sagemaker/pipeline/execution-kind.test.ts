import { testReconcile } from "@rondo/control/testing";
import type { Resource } from "@rondo/store";
import { caller } from "../testing/job-house.ts";
import { PIPELINE_EXECUTION, type PipelineExecutionBody } from "./execution-body.ts";
import { pipelineExecutionCrashPoints } from "./execution-kind.ts";
import { definitionOf, outputOf, processingStep, registerModelStep, trainingStep } from "./testing/definitions.ts";
import { withJobsThatEnd } from "./testing/ended-jobs.ts";
import { openPipelineHouse, type PipelineHouse } from "./testing/pipeline-house.ts";

const STOPPED = "pipeline-execution:stopped";

const definition = definitionOf(
  [
    processingStep("Prepare", "true"),
    processingStep("Look", "true"),
    trainingStep("Train", "train", outputOf("Prepare")),
    {
      Name: "IsGood",
      Type: "Condition",
      Arguments: {
        Conditions: [{ Type: "GreaterThan", LeftValue: { Get: "Parameters.Accuracy" }, RightValue: 0.8 }],
        IfSteps: [registerModelStep("Register", "Train")],
        ElseSteps: [{ Name: "Refuse", Type: "Fail", Arguments: { ErrorMessage: "not good enough" } }],
      },
      DependsOn: ["Train", "Look"],
    },
  ],
  [{ Name: "Accuracy", Type: "Float", DefaultValue: 0.9 }],
);

/** The row of an execution that begins now, taken out again for the suite to insert. */
async function executionRow(house: PipelineHouse) {
  await house.createPipeline("Killed", definition);
  const arn = await house.start("Killed", { ClientRequestToken: "0123456789-0123456789-0123456789" });
  const row = await house.resources.find<PipelineExecutionBody>(caller, PIPELINE_EXECUTION, `killed/${arn.slice(-12)}`);
  if (row === undefined) throw new Error("the execution is not there");
  await house.resources.delete(row);
  return { ...row, due: "now" as const };
}

/** Everything that the steps have created, and how often: names without their random end. */
async function observe({ sql }: PipelineHouse) {
  const rows = await sql.query<{ name: string; status: string }>(
    `select type || ' ' || regexp_replace(name, '-[A-Za-z0-9]{10}$', '') as name, status from resource
     where type not in ('sagemaker/pipeline', 'sagemaker/pipeline-execution') order by 1`,
  );
  const results = await sql.query("select cache_key from pipeline_step_result order by cache_key");
  return { rows, results };
}

function outcome(row: Resource | undefined): unknown {
  const { status, body } = row as Resource<object> as Resource<PipelineExecutionBody>;
  const steps = body.steps.map((step) => [step.name, step.status, step.attempts, step.outcome, step.failureReason]);
  return { status, steps, reason: body.failureReason };
}

testReconcile({
  name: "a pipeline execution",
  async createWorld({ sql, clock }) {
    const house = await openPipelineHouse(sql, clock);
    const sageMaker = withJobsThatEnd(house, (operation) =>
      operation.startsWith("Create") ? { status: "Completed" } : undefined,
    );
    return {
      kind: house.createKind({ sageMaker }),
      resource: await executionRow(house),
      observe: () => observe(house),
      close: () => house[Symbol.asyncDispose](),
    };
  },
  crashPoints: pipelineExecutionCrashPoints.filter((point) => point !== STOPPED),
  outcome,
});

testReconcile({
  name: "a pipeline execution that is stopped",
  async createWorld({ sql, clock }) {
    const house = await openPipelineHouse(sql, clock);
    const sageMaker = withJobsThatEnd(house, (operation) =>
      operation.startsWith("Stop") ? { status: "Stopped" } : undefined,
    );
    const row = await executionRow(house);
    const kind = house.createKind({ sageMaker });
    return {
      kind: {
        ...kind,
        async reconcile(execution, context) {
          const patch = await kind.reconcile(execution as typeof execution & Resource<PipelineExecutionBody>, context);
          return execution.status === "Executing" ? { ...patch, status: "Stopping", due: "now" } : patch;
        },
      },
      resource: row,
      observe: () => observe(house),
      close: () => house[Symbol.asyncDispose](),
    };
  },
  crashPoints: ["pipeline-execution:begun", "pipeline-execution:created", STOPPED, "pipeline-execution:advanced"],
  outcome,
});
