import { type Deserializer, jsonDeserializer, jsonSerializer, type Serializer } from "@rondo/sdk";

/** What BlazingText's supervised endpoint takes: texts in the form that it was trained on. */
export interface ClassificationRequest {
  readonly instances: readonly string[];
}

export interface Classification {
  readonly label: string;
  /** The model's probability of the label, 0 to 1. */
  readonly confidence: number;
}

/** fastText's mark of a label. */
const LABEL = /^__label__(\S+)$/;

function readClassification(value: unknown): Classification {
  const { label, prob } = (value ?? {}) as { label?: unknown; prob?: unknown };
  const [, name] = (Array.isArray(label) && LABEL.exec(String(label[0]))) || [];
  const confidence = Array.isArray(prob) ? Number(prob[0]) : Number.NaN;
  if (name === undefined || Number.isNaN(confidence)) {
    throw new Error(`The endpoint answered ${JSON.stringify(value)} instead of a label with its probability.`);
  }
  // fastText adds 1e-5 to what it takes the logarithm of, so it answers up to 1.00001.
  return { label: name, confidence: Math.min(1, confidence) };
}

export const classificationSerializer: Serializer<ClassificationRequest> = jsonSerializer();

/** One classification per instance: `[{"label":["__label__positive"],"prob":[0.98]}]`. */
export const classificationDeserializer: Deserializer<Classification[]> = jsonDeserializer((value) => {
  if (!Array.isArray(value)) throw new Error("The endpoint did not answer with a list of classifications.");
  return value.map(readClassification);
});
