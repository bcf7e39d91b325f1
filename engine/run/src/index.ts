export {
  type CollectOptions,
  collectModel,
  collectOutput,
  outputUri,
  readExitMessage,
  readFailure,
} from "./collect.ts";
export {
  type ExecutionHandle,
  type ExecutionSpecification,
  type ExecutionState,
  type Executor,
  MAX_LINE_BYTES,
  type Output,
} from "./executor.ts";
export { type FollowDependencies, type FollowOptions, type FollowResult, followOutput } from "./follow-output.ts";
export { createMetricMatcher, type MetricMatcher, type MetricMatches } from "./metrics/metric-matcher.ts";
export { compileMetricRegex, type MetricDefinition } from "./metrics/metric-regex.ts";
export { createProcessExecutor, type ProcessExecutorOptions } from "./process/process-executor.ts";
export { type PublishOptions, publishFolder } from "./publish-folder.ts";
export { parseS3Uri } from "./s3-uri.ts";
export type { InputChannel } from "./staging/channel.ts";
export { type ChannelStagingOptions, stageChannels } from "./staging/stage-channels.ts";
export { type StagedInput, type StagingOptions, stageInputs } from "./staging/stage-inputs.ts";
export { unpackCode } from "./staging/unpack-code.ts";
export { type JobConfiguration, writeConfiguration } from "./staging/write-configuration.ts";
export {
  type ProcessingConfiguration,
  writeProcessingConfiguration,
} from "./staging/write-processing-configuration.ts";
