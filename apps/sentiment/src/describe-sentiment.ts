import type { Sentiment } from "./start-sentiment.ts";

const EXAMPLE = { text: "Easy to use, long battery life" };

/** The line to paste into a shell, for an inference service at this address. */
export function curlLine(url: string): string {
  return post(`${url}/predict-sentiment`, EXAMPLE);
}

function post(url: string, body: object): string {
  return `curl -s ${url} -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
}

/** A request to each service that answers as it stands, and changes nothing or little. */
const EXAMPLES: Readonly<Record<string, (url: string) => string>> = {
  "inference-service": curlLine,
  "feedback-service": (url) => post(`${url}/submit-feedback`, { ...EXAMPLE, user_label: "positive" }),
  "model-registry-service": (url) => `curl -s ${url}/active-model`,
  "evaluation-service": (url) => `curl -s ${url}/latest-evaluation`,
  "retraining-service": (url) => `curl -s -X POST ${url}/retrain`,
  "notification-service": (url) => post(`${url}/notify`, { subject: "Hello", message: "From the shell" }),
  "model-init-service": (url) => `curl -s ${url}/bootstrap`,
};

/** What a start says at its end: how good the model is and how to ask each service. Lines without a final line break. */
export function describeSentiment(sentiment: Omit<Sentiment, "close" | symbol>): string {
  const { evaluation, endpointName, modelVersion, services, url } = sentiment;
  const lines = [`Endpoint ${endpointName} serves the model ${modelVersion}.`];
  if (evaluation !== undefined) {
    const { value, low, high, n } = evaluation.gate.candidate.accuracy;
    lines.push(
      `Accuracy ${value.toFixed(3)} on ${n.toLocaleString("en")} texts that it never saw ` +
        `(95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}).`,
    );
  }
  const width = Math.max(...services.map(({ name }) => name.length));
  lines.push(
    "",
    ...services.map(
      (service) => `${service.name.padEnd(width)}  ${EXAMPLES[service.name]?.(service.url) ?? service.url}`,
    ),
    "",
    `Each service has /health, and its OpenAPI page at /docs: ${url}/docs`,
    "Try it:",
    "",
    curlLine(url),
  );
  return lines.join("\n");
}
