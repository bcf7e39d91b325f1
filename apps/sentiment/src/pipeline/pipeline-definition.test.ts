import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "@rondo/sdk";
import { definePipeline, STEP_NAMES } from "../../infrastructure/sagemaker/pipeline_definition.ts";
import type { AlgorithmName } from "../../infrastructure/sagemaker/training_script.ts";

interface StepDefinition {
  readonly Name: string;
  readonly Type: string;
  readonly Arguments: Readonly<Record<string, unknown>> & { readonly IfSteps?: readonly StepDefinition[] };
}

interface Definition {
  readonly Parameters: readonly { readonly Name: string; readonly DefaultValue?: unknown }[];
  readonly Steps: readonly StepDefinition[];
}

async function readDefinition(algorithm: AlgorithmName = "text-classifier"): Promise<Definition> {
  using session = new Session({ region: "eu-west-1", endpoint: "http://127.0.0.1:1" });
  const pipeline = await definePipeline({
    session,
    name: "sentiment-pipeline",
    role: "arn:aws:iam::123456789012:role/SageMakerExecutionRole",
    endpointName: "sentiment",
    modelPackageGroup: "sentiment",
    buckets: { models: "models", artifacts: "artifacts", tokenizers: "tokenizers" },
    scripts: { preprocessing: "s3://c/preprocessing_script.mjs", evaluation: "s3://c/e.mjs", deploy: "s3://c/d.mjs" },
    defaults: {
      inputData: "s3://data/data/train_data.csv",
      holdOut: "s3://data/hold-out/0123456789abcdef",
      scriptImage: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/node:24",
      algorithm,
      algorithmImage: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/blazingtext:1",
      canarySeconds: 60,
      alarmPeriodSeconds: 60,
    },
  });
  return JSON.parse(pipeline.definition()) as Definition;
}

function allSteps(steps: readonly StepDefinition[]): StepDefinition[] {
  return steps.flatMap((step) => [step, ...allSteps(step.Arguments.IfSteps ?? [])]);
}

test("every step of the plan is there, and every parameter has a default", async () => {
  const { Steps: steps, Parameters: parameters } = await readDefinition();
  assert.deepEqual(
    allSteps(steps).map(({ Name, Type }) => `${Name} ${Type}`),
    [
      "PreprocessData Processing",
      "TrainModel Training",
      "EvaluateModel Processing",
      "CheckGate Condition",
      "RegisterModel RegisterModel",
      "DeployEndpoint Processing",
      "CheckRegistration Condition",
      "RegisterPendingModel RegisterModel",
    ],
  );
  assert.ok(parameters.every(({ DefaultValue }) => DefaultValue !== undefined));
  const scriptImage = parameters.find(({ Name }) => Name === "ScriptImage")?.DefaultValue;
  assert.equal(scriptImage, "123456789012.dkr.ecr.eu-west-1.amazonaws.com/node:24", "as the setting says");
  for (const name of ["InputData", "AccuracyThreshold", "TrainingImage", "TrainingInstanceType"])
    assert.ok(
      parameters.some(({ Name }) => Name === name),
      name,
    );
});

test("an algorithm's hyperparameters are parameters, and reach its training", async () => {
  const expected = {
    "text-classifier": { parameter: "Cost", hyperparameter: '"cost":{"Std:Join":', fixed: '"selection":"False"' },
    blazingtext: { parameter: "Epochs", hyperparameter: '"epochs":{"Std:Join":', fixed: '"mode":"supervised"' },
  } as const;
  for (const [algorithm, { parameter, hyperparameter, fixed }] of Object.entries(expected)) {
    const { Parameters: parameters, Steps: steps } = await readDefinition(algorithm as AlgorithmName);
    assert.ok(parameters.some(({ Name, DefaultValue }) => Name === parameter && DefaultValue !== undefined));
    const training = JSON.stringify(steps.find(({ Name }) => Name === STEP_NAMES.train)?.Arguments);
    assert.ok(training.includes(hyperparameter) && training.includes(fixed), training);
  }
});

test("the rows of the hold-out reach the evaluation and nothing else", async () => {
  const { Steps: steps } = await readDefinition();
  const reading = allSteps(steps).filter(
    ({ Type, Arguments }) =>
      Type !== "Condition" && /"Values":\[\{"Get":"Parameters\.HoldOut"\},"rows"\]/.test(JSON.stringify(Arguments)),
  );
  assert.deepEqual(
    reading.map(({ Name }) => Name),
    [STEP_NAMES.evaluate],
  );
  const naming = allSteps(steps).filter(
    ({ Type, Arguments }) => Type !== "Condition" && JSON.stringify(Arguments).includes("Parameters.HoldOut"),
  );
  assert.deepEqual(
    naming.map(({ Name }) => Name),
    [STEP_NAMES.preprocess, STEP_NAMES.evaluate],
  );
  const preprocess = JSON.stringify(naming[0]?.Arguments);
  assert.equal(preprocess.split("Parameters.HoldOut").length - 1, 1);
  assert.match(preprocess, /"Values":\[\{"Get":"Parameters\.HoldOut"\},"manifest"\]/);
});

test("no condition lies inside another, which SageMaker refuses", async () => {
  const { Steps: steps } = await readDefinition();
  const inside = steps.flatMap(({ Arguments }) => Arguments.IfSteps ?? []);
  assert.ok(inside.length > 0 && inside.every(({ Type }) => Type !== "Condition"));
});
