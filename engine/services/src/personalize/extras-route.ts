import type { IncomingMessage } from "node:http";
import type { TrainingReport } from "@rondo/personalize";
import type { Objects, Resources } from "@rondo/store";
import { AwsError, type Caller, type DirectRoute } from "@rondo/wire";
import { type DataDeletionJobBody, describeDeletionJob } from "./data-deletion-job-body.ts";
import { findErasedModels } from "./erased-models.ts";
import { metricsKey } from "./model-files.ts";
import { requirePersonalize } from "./personalize-resource.ts";
import type { SolutionVersionBody } from "./solution-body.ts";
import { createPersonalizeStorage } from "./storage.ts";

export interface ExtrasRouteDependencies {
  readonly resources: Pick<Resources, "find" | "findForUpdate" | "list">;
  readonly objects: Objects;
}

/** The answer of one operation with what we add; undefined where there is nothing to add, and the schemas answer. */
type Extended = (input: Readonly<Record<string, unknown>>, caller: Caller) => Promise<object | undefined>;

const CONTENT_TYPE = "application/x-amz-json-1.1";
const MAX_BODY_BYTES = 4096;

/**
 * Operations with the header `x-rondo-explain: true`, whose answer says more than AWS's:
 *
 * - GetSolutionMetrics has `rondo:extras`, what the training measured beside AWS's metrics: intervals, baselines, novelty, diversity, how the algorithm was chosen.
 * - DescribeDataDeletionJob has `rondo:erasedModels`, the campaigns and recommenders that still answer with a model whose training began before the
 *   deletion had ended.
 *
 * Everything else goes the way of the schemas, and an answer without the header has AWS's shape and nothing else.
 */
export function createExtrasRoute({ resources, objects }: ExtrasRouteDependencies): DirectRoute {
  const storage = createPersonalizeStorage({ objects });

  async function getSolutionMetrics({ solutionVersionArn: arn }: Readonly<Record<string, unknown>>, caller: Caller) {
    if (typeof arn !== "string") return undefined;
    const ref = { type: "solution-version", arn } as const;
    const version = await requirePersonalize<SolutionVersionBody>(resources, caller, ref);
    const bytes = await storage.get(caller, metricsKey("solution-version", version.name));
    if (version.status !== "Completed" || bytes === undefined) return undefined;
    const { metrics, extras = {} } = JSON.parse(bytes.toString()) as TrainingReport;
    return { solutionVersionArn: version.arn, metrics, "rondo:extras": extras };
  }

  async function describeDataDeletionJob(
    { dataDeletionJobArn: arn }: Readonly<Record<string, unknown>>,
    caller: Caller,
  ) {
    if (typeof arn !== "string") return undefined;
    const ref = { type: "data-deletion-job", arn } as const;
    const job = await requirePersonalize<DataDeletionJobBody>(resources, caller, ref);
    const erasedModels = await findErasedModels(resources, caller, job.body.datasetGroupArn);
    const { creationDateTime, lastUpdatedDateTime, ...described } = describeDeletionJob(job);
    const dataDeletionJob = {
      ...described,
      creationDateTime: secondsOf(creationDateTime),
      lastUpdatedDateTime: secondsOf(lastUpdatedDateTime),
    };
    return { dataDeletionJob, "rondo:erasedModels": erasedModels };
  }

  const operations: Readonly<Record<string, Extended>> = {
    "AmazonPersonalize.GetSolutionMetrics": getSolutionMetrics,
    "AmazonPersonalize.DescribeDataDeletionJob": describeDataDeletionJob,
  };

  async function answer(request: IncomingMessage, body: Buffer, caller: Caller): Promise<string | undefined> {
    const input: unknown = JSON.parse(body.toString("utf8"));
    if (typeof input !== "object" || input === null) return undefined;
    const extended = operations[targetOf(request)];
    const output = await extended?.(input as Readonly<Record<string, unknown>>, caller);
    return output && JSON.stringify(output);
  }

  return {
    signingName: "personalize",
    protocol: "aws-json",
    maxBodyBytes: MAX_BODY_BYTES,
    matches: (request) => asksForExtras(request) && Object.hasOwn(operations, targetOf(request)),
    handle({ request, body, caller, respond, decline, fail }) {
      answer(request, body, caller).then(
        (text) => (text === undefined ? decline() : respond(200, ["content-type", CONTENT_TYPE], text)),
        // Whatever is wrong with the input, the schemas have the words for it.
        (error: unknown) => (error instanceof AwsError || error instanceof SyntaxError ? decline() : fail(error)),
      );
    },
  };
}

/** Timestamps of this protocol are seconds since 1970. */
function secondsOf(date: Date | undefined): number {
  return (date?.getTime() ?? 0) / 1000;
}

function targetOf({ headers }: IncomingMessage): string {
  return String(headers["x-amz-target"]);
}

function asksForExtras({ method, url, headers }: IncomingMessage): boolean {
  return (
    method === "POST" &&
    url === "/" &&
    headers["x-rondo-explain"] === "true" &&
    headers["content-encoding"] === undefined &&
    Number(headers["content-length"] ?? Number.POSITIVE_INFINITY) <= MAX_BODY_BYTES
  );
}
