import type { ListMetricsInput, ListMetricsOutput } from "@aws-sdk/client-cloudwatch";
import { hashDimensions, type MetricSeriesCursor, type Metrics } from "@rondo/store";
import type { Caller, Constraints } from "@rondo/wire";
import { writePageToken } from "../page-token.ts";
import { invalidValue } from "./invalid-value.ts";
import { readNextToken } from "./next-token.ts";

export const listMetricsConstraints: Constraints = {
  "ListMetricsInput.Namespace": { min: 1, max: 255, pattern: "[^:].*" },
  "ListMetricsInput.MetricName": { min: 1, max: 255 },
  "ListMetricsInput.Dimensions": { max: 30 },
};

const pageSize = 500;
const hourMs = 3_600_000;

/** ListMetrics: what had data within two weeks (with RecentlyActive: three hours). */
export function createListMetrics({ metrics, clock }: { readonly metrics: Metrics; readonly clock: { now(): Date } }) {
  return async function listMetrics(input: ListMetricsInput, caller: Caller): Promise<ListMetricsOutput> {
    if (input.OwningAccount !== undefined || input.IncludeLinkedAccounts)
      throw invalidValue("Rondo lists the metrics of the caller's own account only.");
    const age = input.RecentlyActive === undefined ? 14 * 24 * hourMs : 3 * hourMs;
    const found = await metrics.listSeries({
      accountId: caller.accountId,
      region: caller.region,
      namespace: input.Namespace,
      name: input.MetricName,
      dimensions: (input.Dimensions ?? []).map(({ Name = "", Value }) => ({ name: Name, value: Value })),
      activeSince: new Date(clock.now().getTime() - age),
      after: readNextToken(input.NextToken, isCursor),
      limit: pageSize + 1,
    });
    const page = found.slice(0, pageSize);
    const last = page.at(-1);
    return {
      Metrics: page.map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      })),
      NextToken:
        found.length > pageSize && last
          ? writePageToken({
              namespace: last.namespace,
              name: last.name,
              dimensionsHash: hashDimensions(last.dimensions),
            })
          : undefined,
    };
  };
}

function isCursor(value: Partial<MetricSeriesCursor>): value is MetricSeriesCursor {
  return [value.namespace, value.name, value.dimensionsHash].every((part) => typeof part === "string");
}
