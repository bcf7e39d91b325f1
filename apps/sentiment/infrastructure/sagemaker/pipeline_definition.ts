import type { ProcessingInstanceType, TrainingInstanceType } from "@aws-sdk/client-sagemaker";
import {
  ConditionStep,
  conditionEquals,
  conditionGreaterThanOrEqualTo,
  ExecutionVariables,
  join,
  jsonGet,
  Pipeline,
  ProcessingStep,
  Processor,
  RegisterModelStep,
  type Session,
  TrainingStep,
  type Value,
} from "@rondo/sdk";
import { EXECUTION_FOLDERS, executionsUri } from "./execution-locations.ts";
import {
  hyperparameterParameters,
  type ParameterDefaults,
  type PipelineParameters,
  pipelineParameters,
} from "./pipeline-parameters.ts";
import { trainingArguments } from "./training_script.ts";

/** The steps in their order. Which of the last four run, the gate decides. */
export const STEP_NAMES = {
  preprocess: "PreprocessData",
  train: "TrainModel",
  evaluate: "EvaluateModel",
  gate: "CheckGate",
  register: "RegisterModel",
  deploy: "DeployEndpoint",
  hold: "CheckRegistration",
  registerPending: "RegisterPendingModel",
} as const;

export interface PipelineDefinitionOptions {
  readonly session: Session;
  readonly name: string;
  /** Name or ARN of the execution role. */
  readonly role: string;
  readonly endpointName: string;
  readonly modelPackageGroup: string;
  readonly buckets: { readonly models: string; readonly artifacts: string; readonly tokenizers: string };
  /** S3 URIs of the bundled scripts. */
  readonly scripts: { readonly preprocessing: string; readonly evaluation: string; readonly deploy: string };
  readonly defaults: ParameterDefaults;
}

interface Parts extends PipelineDefinitionOptions {
  readonly parameters: PipelineParameters;
  readonly hyperparameters: ReturnType<typeof hyperparameterParameters>;
  readonly roleArn: string;
  /** URI of one of the execution's folders. */
  readonly folder: (name: keyof typeof EXECUTION_FOLDERS, file?: string) => Value<string>;
  readonly processor: Processor;
}

/** Where SageMaker mounts what a processing job reads and writes. */
const PROCESSING = "/opt/ml/processing";

const EVALUATION = { name: "Evaluation", outputName: "evaluation", path: "evaluation.json" };
const DEPLOYMENT = { name: "Deployment", outputName: "deployment", path: "deployment.json" };

const argumentList = (values: Readonly<Record<string, Value<string>>>): Value<string>[] =>
  Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);

/** Numbers among parameters are texts among a program's arguments. */
const asText = (value: Value<number>): Value<string> => join("", [value]);

const input = (name: string, source: Value<string>) => ({ name, source, destination: `${PROCESSING}/${name}` });

async function preprocessStep({ parameters, processor, scripts, folder }: Parts): Promise<ProcessingStep> {
  const outputs = (["train", "validation", "tokenizer"] as const).map((name) => ({
    name,
    source: `${PROCESSING}/${name}`,
    destination: folder(name),
  }));
  const { inputData, holdOut, allowOtherLabels } = parameters;
  return new ProcessingStep({
    name: STEP_NAMES.preprocess,
    arguments: await processor.request({
      code: scripts.preprocessing,
      // Of the hold-out only the manifest: no texts and no labels reach what trains.
      inputs: [input("raw", inputData), input("hold-out", join("/", [holdOut, "manifest"]))],
      outputs,
      arguments: argumentList({ "allow-other-labels": allowOtherLabels }),
    }),
  });
}

const outputOf = (step: ProcessingStep, name: string): Value<string> =>
  step.properties.ProcessingOutputConfig.Outputs.at(name).S3Output.S3Uri;

async function trainStep(parts: Parts, preprocess: ProcessingStep): Promise<TrainingStep> {
  const { parameters, session, roleArn, folder } = parts;
  return new TrainingStep({
    name: STEP_NAMES.train,
    arguments: await trainingArguments({
      session,
      role: roleArn,
      imageUri: parameters.trainingImage,
      instanceType: parameters.trainingInstanceType as Value<TrainingInstanceType>,
      outputPath: folder("training"),
      train: outputOf(preprocess, "train"),
      validation: outputOf(preprocess, "validation"),
      hyperparameters: parts.hyperparameters,
      algorithm: parts.defaults.algorithm,
    }),
  });
}

async function evaluateStep(parts: Parts, before: { preprocess: ProcessingStep; train: TrainingStep }) {
  const { parameters, processor, scripts, folder, endpointName, roleArn } = parts;
  const { preprocess, train } = before;
  return new ProcessingStep({
    name: STEP_NAMES.evaluate,
    arguments: await processor.request({
      code: scripts.evaluation,
      inputs: [
        input("model", train.properties.ModelArtifacts.S3ModelArtifacts),
        input("tokenizer", outputOf(preprocess, "tokenizer")),
        input("validation", outputOf(preprocess, "validation")),
        input("hold-out", join("/", [parameters.holdOut, "rows"])),
      ],
      outputs: [{ name: "evaluation", source: `${PROCESSING}/evaluation`, destination: folder("evaluation") }],
      arguments: argumentList({
        "execution-id": ExecutionVariables.pipelineExecutionId,
        "endpoint-name": endpointName,
        "model-uri": folder("model", "model.tar.gz"),
        "serving-image": parameters.servingImage,
        "serving-instance-type": parameters.servingInstanceType,
        role: roleArn,
        "accuracy-threshold": asText(parameters.accuracyThreshold),
        "uses-uri": join("/", [parameters.holdOut, "uses"]),
      }),
    }),
    propertyFiles: [EVALUATION],
  });
}

const ofEvaluation = (path: string) => jsonGet(STEP_NAMES.evaluate, EVALUATION, path);

function registerStep(parts: Parts, name: string, status: "Approved" | "PendingManualApproval"): RegisterModelStep {
  const { parameters, folder, modelPackageGroup } = parts;
  const json = { ContentType: "application/json", S3Uri: folder("evaluation", "evaluation.json") };
  return new RegisterModelStep({
    name,
    arguments: {
      ModelPackageGroupName: modelPackageGroup,
      ModelPackageDescription: ofEvaluation("gate.reason"),
      InferenceSpecification: {
        Containers: [{ Image: parameters.servingImage, ModelDataUrl: folder("model", "model.tar.gz") }],
        SupportedContentTypes: ["application/json", "application/jsonlines"],
        SupportedResponseMIMETypes: ["application/json", "application/jsonlines"],
      },
      ModelMetrics: { ModelQuality: { Statistics: json } },
      ModelApprovalStatus: status,
      CustomerMetadataProperties: {
        execution_id: ExecutionVariables.pipelineExecutionId,
        input_data: parameters.inputData,
        decision: ofEvaluation("gate.decision"),
        model_sha256: ofEvaluation("model.sha256"),
        hold_out_sha256: ofEvaluation("holdOut.sha256"),
        accuracy: join("", [ofEvaluation("gate.candidate.accuracy.value")]),
        hold_out_rows: join("", [ofEvaluation("holdOut.rows")]),
      },
    },
  });
}

async function deployStep(parts: Parts, register: RegisterModelStep, preprocess: ProcessingStep) {
  const { parameters, processor, scripts, folder, endpointName, roleArn, buckets } = parts;
  return new ProcessingStep({
    name: STEP_NAMES.deploy,
    arguments: await processor.request({
      code: scripts.deploy,
      inputs: [
        input("tokenizer", outputOf(preprocess, "tokenizer")),
        input("evaluation", folder("evaluation", "evaluation.json")),
      ],
      outputs: [{ name: "deployment", source: `${PROCESSING}/deployment`, destination: folder("deployment") }],
      arguments: argumentList({
        "model-package-arn": register.properties.ModelPackageArn,
        "endpoint-name": endpointName,
        role: roleArn,
        "serving-instance-type": parameters.servingInstanceType,
        "serving-instance-count": asText(parameters.servingInstanceCount),
        "canary-seconds": asText(parameters.canarySeconds),
        "alarm-period-seconds": asText(parameters.alarmPeriodSeconds),
        "models-bucket": buckets.models,
        "tokenizers-bucket": buckets.tokenizers,
      }),
    }),
    propertyFiles: [DEPLOYMENT],
  });
}

/**
 * The pipeline: preprocess → train → evaluate → gate → register → deploy (S-18). What passes the gate is registered as Approved and deployed; what only
 * reaches the floor is registered as PendingManualApproval; the rest is not registered, and evaluation.json says why.
 * (Two conditions side by side, since SageMaker does not take one inside another.)
 */
export async function definePipeline(options: PipelineDefinitionOptions): Promise<Pipeline> {
  const { session, buckets, role } = options;
  const parameters = pipelineParameters(options.defaults);
  const hyperparameters = hyperparameterParameters(options.defaults.algorithm);
  const roleArn = await session.roleArn(role);
  const folder: Parts["folder"] = (name, file) =>
    join("/", [
      executionsUri(buckets.artifacts),
      ExecutionVariables.pipelineExecutionId,
      EXECUTION_FOLDERS[name],
      ...(file === undefined ? [] : [file]),
    ]);
  const processor = new Processor({
    imageUri: parameters.scriptImage,
    command: ["node"],
    role: roleArn,
    session,
    instanceType: parameters.processingInstanceType as Value<ProcessingInstanceType>,
    maxRuntimeInSeconds: 2 * 60 * 60,
  });
  const parts: Parts = { ...options, parameters, hyperparameters, roleArn, folder, processor };
  const preprocess = await preprocessStep(parts);
  const train = await trainStep(parts, preprocess);
  const evaluate = await evaluateStep(parts, { preprocess, train });
  const register = registerStep(parts, STEP_NAMES.register, "Approved");
  const reachesFloor = conditionGreaterThanOrEqualTo(
    ofEvaluation("gate.candidate.accuracy.value"),
    parameters.accuracyThreshold,
  );
  const gate = new ConditionStep({
    name: STEP_NAMES.gate,
    conditions: [reachesFloor, conditionEquals(ofEvaluation("gate.deploy"), 1)],
    ifSteps: [register, await deployStep(parts, register, preprocess)],
  });
  const hold = new ConditionStep({
    name: STEP_NAMES.hold,
    conditions: [reachesFloor, conditionEquals(ofEvaluation("gate.deploy"), 0)],
    ifSteps: [registerStep(parts, STEP_NAMES.registerPending, "PendingManualApproval")],
  });
  return new Pipeline({
    name: options.name,
    parameters: [...Object.values(parameters), ...Object.values(hyperparameters)],
    steps: [preprocess, train, evaluate, gate, hold],
    session,
  });
}
