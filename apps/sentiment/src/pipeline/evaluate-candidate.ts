import type { ProductionVariantInstanceType } from "@aws-sdk/client-sagemaker";
import type { Session } from "@rondo/sdk";
import type { Classification } from "../blazing-text.ts";
import { parseOpinions } from "../data/opinion-csv.ts";
import { type PreparationCounts, parseExamples } from "../data/prepare-training-data.ts";
import { hashOfContent } from "../data/text-hash.ts";
import { parseTokenizer } from "../data/tokenizer.ts";
import { CONFIDENCE_EDGES, histogramOf } from "../drift/histogram.ts";
import { type Evaluation, modelQualityMetrics } from "../gate/evaluation.ts";
import { countHoldOutUse, type HoldOutUses } from "../gate/hold-out-uses.ts";
import { type GateSettings, judgeCandidate } from "../gate/judge-candidate.ts";
import { accuracyOf } from "../gate/scores.ts";
import { slicesOf } from "../gate/slices.ts";
import { normaliseText } from "../normalise-text.ts";
import { withCandidateEndpoint } from "./candidate-endpoint.ts";
import { classifyTexts } from "./classify-texts.ts";
import { findChampion } from "./find-champion.ts";

export interface EvaluationRequest {
  readonly executionId: string;
  /** The live endpoint, which need not exist yet. */
  readonly endpointName: string;
  /** S3 URI of the final artifact, which is there, and its SHA-256. */
  readonly modelDataUri: string;
  readonly modelSha256: string;
  readonly servingImageUri: string;
  readonly role: string;
  readonly instanceType: ProductionVariantInstanceType;
  readonly gate: GateSettings;
  readonly uses: HoldOutUses;
  /** Content of tokenizer.json, of the validation file, of the hold-out's CSV file, and the preparation's counts. */
  readonly tokenizer: string;
  readonly validation: string;
  readonly holdOut: Buffer;
  readonly counts: PreparationCounts;
}

/** SageMaker's names are at most 63 characters; an execution's id is 12. */
function candidateName(endpointName: string, executionId: string): string {
  return `${endpointName.slice(0, 40)}-candidate-${executionId.slice(0, 12)}`;
}

/**
 * Judges a candidate and the live model on the same rows of the hold-out, both as their clients get them, and describes the candidate on its validation part.
 * A live model with other labels cannot be compared: the candidate is then judged as a first model is.
 */
export async function evaluateCandidate(session: Session, request: EvaluationRequest): Promise<Evaluation> {
  const { labels } = parseTokenizer(request.tokenizer);
  const opinions = parseOpinions(request.holdOut);
  const texts = opinions.map(({ text }) => normaliseText(text));
  const validation = parseExamples(request.validation);
  const candidate = {
    name: candidateName(request.endpointName, request.executionId),
    imageUri: request.servingImageUri,
    modelDataUri: request.modelDataUri,
    role: request.role,
    instanceType: request.instanceType,
  };
  const live = await findChampion(session, request.endpointName);
  const [answers, validationAnswers] = await withCandidateEndpoint(session, candidate, async (endpointName) => [
    await classifyTexts(session, endpointName, texts),
    await classifyTexts(
      session,
      endpointName,
      validation.map(({ text }) => text),
    ),
  ]);
  const liveAnswers = live && (await classifyTexts(session, live.endpointName, texts));
  const isComparable = liveAnswers?.every(({ label }) => labels.includes(label)) ?? false;
  const champion = isComparable ? liveAnswers : undefined;
  const verdict = judgeCandidate(
    opinions.map((opinion, index) => ({
      actual: opinion.label,
      candidate: answers[index]?.label ?? "",
      champion: champion?.[index]?.label,
      slices: slicesOf(opinion, texts[index] ?? ""),
    })),
    request.gate,
  );
  return {
    version: 1,
    executionId: request.executionId,
    evaluatedAt: session.clock.now().toISOString(),
    model: { dataUri: request.modelDataUri, sha256: request.modelSha256, labels },
    champion: (isComparable && live) || null,
    holdOut: {
      sha256: hashOfContent(request.holdOut),
      rows: opinions.length,
      uses: await countHoldOutUse(session, request.uses, request.executionId),
    },
    data: request.counts,
    gate: verdict,
    validation: describeValidation(validation, validationAnswers),
    multiclass_classification_metrics: modelQualityMetrics(verdict),
  };
}

function describeValidation(
  examples: readonly { readonly label: string }[],
  answers: readonly Classification[],
): Evaluation["validation"] {
  const correct = examples.filter(({ label }, index) => label === answers[index]?.label).length;
  return {
    accuracy: accuracyOf(correct, examples.length),
    confidence: histogramOf(
      answers.map(({ confidence }) => confidence),
      CONFIDENCE_EDGES,
    ),
  };
}
