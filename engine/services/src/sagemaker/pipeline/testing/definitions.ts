import type { Json, JsonObject } from "../definition.ts";

const REGISTRY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

/** A definition with these steps and parameters. */
export function definitionOf(steps: readonly JsonObject[], parameters: readonly JsonObject[] = []): JsonObject {
  return { Version: "2020-12-01", Metadata: {}, Parameters: parameters, PipelineExperimentConfig: null, Steps: steps };
}

/** A step that runs a shell script, with an output `out` that goes where the execution says. */
export function processingStep(Name: string, script: Json, more: JsonObject = {}): JsonObject {
  const execution = { Get: "Execution.PipelineExecutionId" };
  return {
    Name,
    Type: "Processing",
    Arguments: {
      RoleArn: "arn:aws:iam::111122223333:role/processing",
      AppSpecification: {
        ImageUri: `${REGISTRY}/shell:1`,
        ContainerEntrypoint: ["/bin/sh", "-c"],
        ContainerArguments: [script],
      },
      ProcessingInputs: [
        {
          InputName: "in",
          S3Input: {
            S3Uri: "s3://data/in/",
            LocalPath: "/opt/ml/processing/input",
            S3DataType: "S3Prefix",
            S3InputMode: "File",
          },
        },
      ],
      ProcessingOutputConfig: {
        Outputs: [
          {
            OutputName: "out",
            S3Output: {
              S3Uri: { "Std:Join": { On: "/", Values: ["s3://data", execution, Name] } },
              LocalPath: "/opt/ml/processing/output",
              S3UploadMode: "EndOfJob",
            },
          },
        ],
      },
      ProcessingResources: { ClusterConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 1 } },
    },
    ...more,
  };
}

/** What a shell script of a processing step begins with: it goes to what stands for /opt/ml/processing. */
export const IN_PROCESSING = 'cd "$SAGEMAKER_BASE_DIR/processing"; ';

/** A step that trains the test image on what another step wrote; `mode` as the image knows it. */
export function trainingStep(Name: string, mode: Json, input: Json, more: JsonObject = {}): JsonObject {
  return {
    Name,
    Type: "Training",
    Arguments: {
      RoleArn: "arn:aws:iam::111122223333:role/training",
      AlgorithmSpecification: { TrainingImage: `${REGISTRY}/test-image:1`, TrainingInputMode: "File" },
      HyperParameters: { epochs: "2" },
      Environment: { MODE: mode },
      InputDataConfig: [
        { ChannelName: "train", DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: input } } },
      ],
      OutputDataConfig: { S3OutputPath: "s3://data/models/" },
      ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 1 },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    },
    ...more,
  };
}

/** The output of a step of `processingStep`. */
export function outputOf(step: string): JsonObject {
  return { Get: `Steps.${step}.ProcessingOutputConfig.Outputs['out'].S3Output.S3Uri` };
}

/** A step that registers the model of a training step in the group `sentiment`. */
export function registerModelStep(Name: string, train: string, more: JsonObject = {}): JsonObject {
  return {
    Name,
    Type: "RegisterModel",
    Arguments: {
      ModelPackageGroupName: "sentiment",
      ModelApprovalStatus: "PendingManualApproval",
      CustomerMetadataProperties: { registered: { Get: "Execution.CurrentDateTime" } },
      InferenceSpecification: {
        Containers: [
          {
            Image: `${REGISTRY}/test-image:1`,
            ModelDataUrl: { Get: `Steps.${train}.ModelArtifacts.S3ModelArtifacts` },
          },
        ],
        SupportedContentTypes: ["text/csv"],
        SupportedResponseMIMETypes: ["text/csv"],
      },
      ...more,
    },
  };
}
