import type { CreateProcessingJobRequest, ProcessingInput, ProcessingOutput } from "@aws-sdk/client-sagemaker";
import { invalid, lacking, requireS3Uri, requireUnique } from "./job-validation.ts";
import { folderOf } from "./processing-job-paths.ts";

/** What of CreateProcessingJob the shapes and constraints do not say, and what we lack. Throws ValidationException. */
export function checkProcessingJob(input: CreateProcessingJobRequest): void {
  const { ProcessingInputs: inputs = [], ProcessingOutputConfig, ProcessingResources } = input;
  const outputs = ProcessingOutputConfig?.Outputs ?? [];
  const cluster = ProcessingResources?.ClusterConfig;
  const isCounted = cluster?.InstanceType !== undefined && cluster.InstanceCount !== undefined;
  if (!isCounted && cluster?.InstancePreferences === undefined) {
    throw invalid("ClusterConfig must have InstanceType and InstanceCount, or InstancePreferences.");
  }
  requireUnique(
    inputs.map(({ InputName }) => InputName),
    "Input names",
  );
  requireUnique(
    outputs.map(({ OutputName }) => OutputName),
    "Output names",
  );
  for (const each of inputs) checkInput(each);
  for (const each of outputs) checkOutput(each);
}

function checkInput({ InputName: name, AppManaged, S3Input, DatasetDefinition }: ProcessingInput): void {
  if (AppManaged === true) return;
  if (DatasetDefinition !== undefined) throw lacking(`DatasetDefinition (input ${name})`, "Use S3Input.");
  if (S3Input === undefined) throw invalid(`Input ${name} must have an S3Input.`);
  const { S3Uri: uri = "", LocalPath, S3InputMode, S3CompressionType } = S3Input;
  requireS3Uri(uri, `S3Uri of input ${name}`);
  requireLocalPath(LocalPath, `input ${name}`);
  if (S3InputMode === "Pipe") throw lacking(`S3InputMode Pipe (input ${name})`, "Use File.");
  if (S3CompressionType === "Gzip") {
    throw invalid(`S3CompressionType Gzip of input ${name} can only be used with S3InputMode Pipe.`);
  }
}

function checkOutput({ OutputName: name, AppManaged, S3Output, FeatureStoreOutput }: ProcessingOutput): void {
  if (AppManaged === true) return;
  if (FeatureStoreOutput !== undefined) throw lacking(`FeatureStoreOutput (output ${name})`, "Use S3Output.");
  if (S3Output === undefined) throw invalid(`Output ${name} must have an S3Output.`);
  requireS3Uri(S3Output.S3Uri ?? "", `S3Uri of output ${name}`);
  requireLocalPath(S3Output.LocalPath, `output ${name}`);
}

function requireLocalPath(path: string | undefined, what: string): void {
  if (path === undefined) throw invalid(`LocalPath of ${what} is required unless AppManaged is true.`);
  if (folderOf(path) === undefined) {
    throw invalid(`LocalPath of ${what} must be a path below /opt/ml/processing/, not ${path}.`);
  }
}
