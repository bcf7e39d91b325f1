import type { Channel, CreateTrainingJobRequest } from "@aws-sdk/client-sagemaker";
import { compileMetricRegex } from "@rondo/run";
import { invalid, lacking, requireS3Uri, requireUnique } from "./job-validation.ts";

/** What of CreateTrainingJob the shapes and constraints do not say, and what we lack. Throws ValidationException. */
export function checkTrainingJob(input: CreateTrainingJobRequest): void {
  const { AlgorithmSpecification: algorithm, InputDataConfig: channels = [], OutputDataConfig: output } = input;
  if (input.ServerlessJobConfig !== undefined) throw lacking("ServerlessJobConfig", "Name a TrainingImage.");
  if (algorithm?.AlgorithmName !== undefined) throw lacking("AlgorithmName", "Name a TrainingImage.");
  if (algorithm?.TrainingImage === undefined) throw invalid("TrainingImage is required in AlgorithmSpecification.");
  if (algorithm.TrainingInputMode === "Pipe") throw lacking("TrainingInputMode Pipe", "Use File or FastFile.");
  if (input.ResourceConfig === undefined) throw invalid("ResourceConfig is required.");
  if (output?.S3OutputPath === undefined) throw invalid("OutputDataConfig is required.");
  if (output.CompressionType === "NONE") throw lacking("OutputDataConfig.CompressionType NONE", "Use GZIP.");
  requireS3Uri(output.S3OutputPath, "OutputDataConfig.S3OutputPath");
  requireUnique(
    channels.map(({ ChannelName }) => ChannelName),
    "Channel names",
  );
  for (const channel of channels) checkChannel(channel);
  for (const { Name, Regex = "" } of algorithm.MetricDefinitions ?? []) checkRegex(Name ?? "", Regex);
}

function checkChannel({ ChannelName: name, DataSource: source, InputMode: mode }: Channel): void {
  if (mode === "Pipe") throw lacking(`InputMode Pipe (channel ${name})`, "Use File or FastFile.");
  if (source?.FileSystemDataSource !== undefined) throw lacking(`FileSystemDataSource (channel ${name})`, "Use S3.");
  if (source?.DatasetSource !== undefined) throw lacking(`DatasetSource (channel ${name})`, "Use S3.");
  if (source?.S3DataSource === undefined) throw invalid(`DataSource of channel ${name} must have an S3DataSource.`);
  const { S3DataType: type, S3Uri: uri = "" } = source.S3DataSource;
  if (type !== "S3Prefix" && type !== "ManifestFile") {
    throw lacking(`S3DataType ${type} (channel ${name})`, "Use S3Prefix or ManifestFile.");
  }
  requireS3Uri(uri, `S3Uri of channel ${name}`);
}

function checkRegex(name: string, regex: string): void {
  try {
    compileMetricRegex(regex);
  } catch (error) {
    throw invalid(`The regular expression of metric ${name} is not usable: ${(error as Error).message}`);
  }
}
