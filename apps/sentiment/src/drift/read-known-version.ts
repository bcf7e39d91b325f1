import type { Session } from "@rondo/sdk";
import { parseTokenizer, type Tokenizer } from "../data/tokenizer.ts";
import type { Evaluation } from "../gate/evaluation.ts";
import { type VersionLocations, versionLocations, versionNumberOf } from "../pipeline/version-locations.ts";
import type { DriftReference } from "./detect-drift.ts";

/** A version of the model with what is known of it. */
export interface KnownVersion {
  readonly evaluation: Evaluation;
  readonly tokenizer: Tokenizer;
  readonly locations: VersionLocations;
  readonly driftReference: DriftReference;
}

/**
 * What the pipeline wrote of a deployed version; undefined for a model that was not deployed by it. Throws when the tokenizer's copy belongs to another
 * model (S-X4).
 */
export async function readKnownVersion(
  session: Session,
  buckets: { readonly models: string; readonly tokenizers: string },
  modelVersion: string,
  signal?: AbortSignal,
): Promise<KnownVersion | undefined> {
  const number = versionNumberOf(modelVersion);
  if (number === undefined) return undefined;
  const locations = versionLocations(buckets, number);
  const [evaluationFile, tokenizerFile] = await Promise.all([
    session.downloadString(locations.evaluationUri, { signal }),
    session.downloadString(locations.tokenizerUri, { signal }),
  ]);
  if (evaluationFile === undefined || tokenizerFile === undefined) return undefined;
  // Written by the deploy script, under keys of this application's own.
  const evaluation = JSON.parse(evaluationFile) as Evaluation;
  const tokenizer = parseTokenizer(tokenizerFile) as Tokenizer & { readonly modelSha256?: string };
  if (tokenizer.modelSha256 !== evaluation.model.sha256) {
    throw new Error(
      `${locations.tokenizerUri} belongs to a model with the hash ${tokenizer.modelSha256}, ${modelVersion} has ${evaluation.model.sha256}.`,
    );
  }
  return {
    evaluation,
    tokenizer,
    locations,
    driftReference: {
      inputs: tokenizer.validationInputs,
      confidence: evaluation.validation.confidence,
      accuracy: evaluation.validation.accuracy,
      vocabulary: new Set(tokenizer.words),
    },
  };
}
