import type { Channel, CreateTrainingJobRequest } from "@aws-sdk/client-sagemaker";
import { compileMetricRegex } from "@rondo/run";
import { invalid, lacking, requireS3Uri, requireUnique } from "./job-validation.ts";
import { bringsProgram } from "./training-job-code.ts";
import { builtInTrainingImages } from "./training-job-images.ts";

/** What of CreateTrainingJob the shapes and constraints do not say, and what we lack. Throws ValidationException. */
export function checkTrainingJob(input: CreateTrainingJobRequest): void {
  const { AlgorithmSpecification: algorithm, InputDataConfig: channels = [], OutputDataConfig: output } = input;
  if (input.ServerlessJobConfig !== undefined) throw lacking("ServerlessJobConfig", "Name a TrainingImage.");
  if (algorithm?.AlgorithmName !== undefined) throw lacking("AlgorithmName", "Name a TrainingImage.");
  if (algorithm?.TrainingImage === undefined) throw invalid("TrainingImage is required in AlgorithmSpecification.");
  const image = builtInTrainingImages.find(algorithm.TrainingImage, { bringsProgram: bringsProgram(input) });
  const streams = image !== undefined;
  if (algorithm.TrainingInputMode === "Pipe" && !streams) throw lackingPipe("TrainingInputMode Pipe");
  if (input.ResourceConfig === undefined) throw invalid("ResourceConfig is required.");
  if (output?.S3OutputPath === undefined) throw invalid("OutputDataConfig is required.");
  if (output.CompressionType === "NONE") throw lacking("OutputDataConfig.CompressionType NONE", "Use GZIP.");
  requireS3Uri(output.S3OutputPath, "OutputDataConfig.S3OutputPath");
  requireUnique(
    channels.map(({ ChannelName }) => ChannelName),
    "Channel names",
  );
  for (const channel of channels) {
    if (channel.InputMode === "Pipe" && !streams) throw lackingPipe(`InputMode Pipe (channel ${channel.ChannelName})`);
    checkChannel(channel);
  }
  for (const { Name, Regex = "" } of algorithm.MetricDefinitions ?? []) checkRegex(Name ?? "", Regex);
}

/** Our own images read files, however AWS would stream them; a user's script would wait for a pipe that nobody fills. */
function lackingPipe(what: string): Error {
  return lacking(`${what} of images that are not built in`, "Use File or FastFile.");
}

function checkChannel({ ChannelName: name, DataSource: source, CompressionType: compression }: Channel): void {
  if (compression === "Gzip") throw lacking(`CompressionType Gzip (channel ${name})`, "Store the data uncompressed.");
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
