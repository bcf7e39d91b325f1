import { ParameterFloat, ParameterInteger, ParameterString } from "@rondo/sdk";
import { type AlgorithmName, tunableOf } from "./training_script.ts";

export interface ParameterDefaults {
  /** S3 URI of a CSV file, or of a prefix with several. */
  readonly inputData: string;
  /** S3 URI under which the hold-out's manifest, rows and uses are. */
  readonly holdOut: string;
  /** URI of the Node image that runs the scripts. */
  readonly scriptImage: string;
  /** Which algorithm's hyperparameters there are. */
  readonly algorithm: AlgorithmName;
  /** URI of the image that trains and serves. */
  readonly algorithmImage: string;
  readonly alarmPeriodSeconds: number;
  readonly canarySeconds: number;
}

/** What an execution of the pipeline can be told. Each has a default, so that it can be started without any. */
export function pipelineParameters(defaults: ParameterDefaults) {
  return {
    inputData: new ParameterString({ name: "InputData", defaultValue: defaults.inputData }),
    holdOut: new ParameterString({ name: "HoldOut", defaultValue: defaults.holdOut }),
    allowOtherLabels: new ParameterString({
      name: "AllowOtherLabels",
      defaultValue: "false",
      enumValues: ["false", "true"],
    }),
    accuracyThreshold: new ParameterFloat({ name: "AccuracyThreshold", defaultValue: 0.8 }),
    scriptImage: new ParameterString({ name: "ScriptImage", defaultValue: defaults.scriptImage }),
    trainingImage: new ParameterString({ name: "TrainingImage", defaultValue: defaults.algorithmImage }),
    servingImage: new ParameterString({ name: "ServingImage", defaultValue: defaults.algorithmImage }),
    processingInstanceType: new ParameterString({ name: "ProcessingInstanceType", defaultValue: "ml.m5.large" }),
    trainingInstanceType: new ParameterString({ name: "TrainingInstanceType", defaultValue: "ml.c5.xlarge" }),
    servingInstanceType: new ParameterString({ name: "ServingInstanceType", defaultValue: "ml.m5.large" }),
    servingInstanceCount: new ParameterInteger({ name: "ServingInstanceCount", defaultValue: 1 }),
    canarySeconds: new ParameterInteger({ name: "CanarySeconds", defaultValue: defaults.canarySeconds }),
    alarmPeriodSeconds: new ParameterInteger({ name: "AlarmPeriodSeconds", defaultValue: defaults.alarmPeriodSeconds }),
  } as const;
}

export type PipelineParameters = ReturnType<typeof pipelineParameters>;

/** The algorithm's hyperparameters, by their names in it. */
export function hyperparameterParameters(
  algorithm: AlgorithmName,
): Readonly<Record<string, ParameterInteger | ParameterFloat>> {
  return Object.fromEntries(
    tunableOf(algorithm).map(({ name, parameterName, type, value }) => {
      const Parameter = type === "integer" ? ParameterInteger : ParameterFloat;
      return [name, new Parameter({ name: parameterName, defaultValue: value })];
    }),
  );
}
