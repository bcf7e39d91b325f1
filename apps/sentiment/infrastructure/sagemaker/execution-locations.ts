/** Where an execution of the pipeline leaves its files, below `s3://<artifacts bucket>/executions/<execution id>`. */
export const EXECUTION_FOLDERS = {
  train: "train",
  validation: "validation",
  tokenizer: "tokenizer",
  /** What training left, before the tokenizer is added. */
  training: "training",
  model: "model",
  evaluation: "evaluation",
  deployment: "deployment",
} as const;

/** S3 URI under which all executions are. */
export function executionsUri(artifactsBucket: string): string {
  return `s3://${artifactsBucket}/executions`;
}

/** Id of an execution: the last part of its ARN. */
export function executionIdOf(executionArn: string): string {
  return executionArn.split("/").at(-1) ?? executionArn;
}

/** S3 URI of a file that an execution wrote. */
export function executionFile(
  artifactsBucket: string,
  executionArn: string,
  file: { readonly folder: keyof typeof EXECUTION_FOLDERS; readonly name: string },
): string {
  return `${executionsUri(artifactsBucket)}/${executionIdOf(executionArn)}/${EXECUTION_FOLDERS[file.folder]}/${file.name}`;
}
