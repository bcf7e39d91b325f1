import { Endpoint, Predictor, type Session } from "@rondo/sdk";
import { type Classification, classificationDeserializer, classificationSerializer } from "../blazing-text.ts";

/** Texts in one request: about 40 kB, far below the 6 MB that InvokeEndpoint takes. */
const BATCH_TEXTS = 500;

/** Classifies normalised texts in order, as any client of the endpoint would. */
export async function classifyTexts(
  session: Session,
  endpointName: string,
  texts: readonly string[],
): Promise<Classification[]> {
  const predictor = new Predictor({
    endpoint: new Endpoint(endpointName, session),
    serializer: classificationSerializer,
    deserializer: classificationDeserializer,
  });
  const answers: Classification[] = [];
  for (let start = 0; start < texts.length; start += BATCH_TEXTS) {
    const batch = texts.slice(start, start + BATCH_TEXTS);
    const answered = await predictor.predict({ instances: batch });
    if (answered.length !== batch.length) {
      throw new Error(`The endpoint ${endpointName} answered ${answered.length} of ${batch.length} texts.`);
    }
    answers.push(...answered);
  }
  return answers;
}
