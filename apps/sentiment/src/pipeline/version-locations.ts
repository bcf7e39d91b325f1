import type { Tokenizer } from "../data/tokenizer.ts";

/** Where the parts of a registered version are found by its number. */
export interface VersionLocations {
  readonly modelKey: string;
  readonly modelUri: string;
  readonly evaluationUri: string;
  readonly tokenizerUri: string;
}

export function versionLocations(
  buckets: { readonly models: string; readonly tokenizers: string },
  version: number,
): VersionLocations {
  const folder = `models/model_v${version}`;
  return {
    modelKey: `${folder}/model.tar.gz`,
    modelUri: `s3://${buckets.models}/${folder}/model.tar.gz`,
    evaluationUri: `s3://${buckets.models}/${folder}/evaluation.json`,
    tokenizerUri: `s3://${buckets.tokenizers}/tokenizers/tokenizer_v${version}.json`,
  };
}

/** The number of a version by its name: `sentiment-v3` → 3; undefined for a model that was not deployed by the pipeline. */
export function versionNumberOf(modelVersion: string): number | undefined {
  const [, number] = /-v(\d+)$/.exec(modelVersion) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** The tokenizer's copy beside the models, with the model that it belongs to: whoever loads it compares that with the `model_version` of an answer (S-X4). */
export function tokenizerCopy(
  tokenizer: Tokenizer,
  model: { readonly modelVersion: string; readonly modelSha256: string },
): string {
  return `${JSON.stringify({ ...tokenizer, ...model })}\n`;
}
