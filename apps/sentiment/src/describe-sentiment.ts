import type { Sentiment } from "./start-sentiment.ts";

const EXAMPLE = { text: "Easy to use, long battery life" };

/** The line to paste into a shell, for a service at this address. */
export function curlLine(url: string): string {
  return `curl -s ${url}/predict-sentiment -H 'content-type: application/json' -d '${JSON.stringify(EXAMPLE)}'`;
}

/** What a start says at its end: how good the model is and how to ask it. Lines without a final line break. */
export function describeSentiment({ report, endpointName, modelName, url }: Omit<Sentiment, "close" | symbol>): string {
  const lines = [`Endpoint ${endpointName} serves the model ${modelName}.`];
  if (report !== undefined) {
    const { accuracy, interval, n } = report;
    lines.push(
      `Accuracy ${accuracy.toFixed(3)} on ${n.toLocaleString("en")} opinions that it never saw ` +
        `(95 % interval ${interval.lower.toFixed(3)} to ${interval.upper.toFixed(3)}).`,
    );
  }
  lines.push("Try it:", "", curlLine(url));
  return lines.join("\n");
}
