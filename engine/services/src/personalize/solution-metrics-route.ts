import type { IncomingMessage } from "node:http";
import type { TrainingReport } from "@rondo/personalize";
import type { Objects, Resources } from "@rondo/store";
import { AwsError, type Caller, type DirectRoute } from "@rondo/wire";
import { metricsKey } from "./model-files.ts";
import { requirePersonalize } from "./personalize-resource.ts";
import type { SolutionVersionBody } from "./solution-body.ts";
import { createPersonalizeStorage } from "./storage.ts";

export interface SolutionMetricsRouteDependencies {
  readonly resources: Pick<Resources, "find" | "findForUpdate">;
  readonly objects: Objects;
}

const CONTENT_TYPE = "application/x-amz-json-1.1";
const MAX_BODY_BYTES = 4096;

/**
 * GetSolutionMetrics with the header `x-rondo-explain: true`: beside AWS's metrics stands `rondo:extras`, what the training measured and AWS has no room for (intervals,
 * baselines, novelty, diversity, how the algorithm was chosen). Everything else goes the way of the schemas, and an answer without the header has AWS's shape and
 * nothing else.
 */
export function createSolutionMetricsRoute({ resources, objects }: SolutionMetricsRouteDependencies): DirectRoute {
  const storage = createPersonalizeStorage({ objects });

  /** Undefined for a version that has no metrics: the schemas' way has the words for it. */
  async function answer(body: Buffer, caller: Caller): Promise<string | undefined> {
    const input: unknown = JSON.parse(body.toString("utf8"));
    const arn =
      typeof input === "object" && input !== null && "solutionVersionArn" in input
        ? input.solutionVersionArn
        : undefined;
    if (typeof arn !== "string") return undefined;
    const ref = { type: "solution-version", arn } as const;
    const version = await requirePersonalize<SolutionVersionBody>(resources, caller, ref);
    const bytes = await storage.get(caller, metricsKey("solution-version", version.name));
    if (version.status !== "Completed" || bytes === undefined) return undefined;
    const { metrics, extras = {} } = JSON.parse(bytes.toString()) as TrainingReport;
    return JSON.stringify({ solutionVersionArn: version.arn, metrics, "rondo:extras": extras });
  }

  return {
    signingName: "personalize",
    protocol: "aws-json",
    maxBodyBytes: MAX_BODY_BYTES,
    matches: asksForExtras,
    handle({ body, caller, respond, decline, fail }) {
      answer(body, caller).then(
        (text) => (text === undefined ? decline() : respond(200, ["content-type", CONTENT_TYPE], text)),
        // Whatever is wrong with the input, the schemas have the words for it.
        (error: unknown) => (error instanceof AwsError || error instanceof SyntaxError ? decline() : fail(error)),
      );
    },
  };
}

function asksForExtras({ method, url, headers }: IncomingMessage): boolean {
  return (
    method === "POST" &&
    url === "/" &&
    headers["x-amz-target"] === "AmazonPersonalize.GetSolutionMetrics" &&
    headers["x-rondo-explain"] === "true" &&
    headers["content-encoding"] === undefined &&
    Number(headers["content-length"] ?? Number.POSITIVE_INFINITY) <= MAX_BODY_BYTES
  );
}
