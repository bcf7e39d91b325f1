import { Endpoint } from "@rondo/sdk";
import type { ApplicationContext } from "../application-context.ts";
import type { Evaluation } from "../gate/evaluation.ts";
import { createModelVersions } from "../inference-service/model-versions.ts";
import { versionLocations, versionNumberOf } from "../pipeline/version-locations.ts";

/** What a feedback may say while nobody knows a model (S-X6). */
const LABELS_WITHOUT_DATA = ["negative", "neutral", "positive"] as const;

/** Labels change with a retraining at most. */
const KEEP_MS = 60_000;
/** What comes before the first answer waits so long for SageMaker, once a minute; what comes later does not wait. */
const DEADLINE_MS = 2_000;

/**
 * The labels of the model in service, as they are in its evaluation (S-X6): read once a minute beside the requests, the last known ones while SageMaker is out of
 * reach.
 */
export function createLabelSet(context: ApplicationContext): () => Promise<readonly string[]> {
  const { clock, names, session, settings } = context;
  const versions = createModelVersions(new Endpoint(settings.endpointName, session));
  let known: readonly string[] | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    const number = versionNumberOf(await versions.versionOf(undefined));
    if (number === undefined) return;
    const text = await session.downloadString(versionLocations(names.buckets, number).evaluationUri);
    // Written by the pipeline's last step.
    if (text !== undefined) known = (JSON.parse(text) as Evaluation).model.labels;
  }

  return async () => {
    const now = clock.now().getTime();
    if (now - readAt >= KEEP_MS && reading === undefined) {
      readAt = now;
      // Out of reach: the labels stay as they are for a minute.
      reading = Promise.race([read().catch(() => undefined), timeout(DEADLINE_MS)]).finally(() => {
        reading = undefined;
      });
    }
    if (known === undefined) await reading;
    return known ?? LABELS_WITHOUT_DATA;
  };
}

function timeout(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
