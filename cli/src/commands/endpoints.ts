import { paginateListEndpoints } from "@aws-sdk/client-sagemaker";
import { type CliCommand, textOption } from "../command.ts";
import { readLimit, takeRows } from "../limit.ts";

/** Lists endpoints, newest first. */
export const endpointsCommand: CliCommand = {
  name: "endpoints",
  summary: "List endpoints, newest first",
  options: [{ flags: "--limit <number>", description: "at most so many", default: "20" }],
  examples: ["rondo endpoints", "rondo endpoints --json | jq -r '.[].EndpointName'"],
  async run(invocation) {
    const limit = readLimit(textOption(invocation, "limit") ?? "20");
    using session = await invocation.session();
    const pages = paginateListEndpoints(
      { client: session.sagemaker, pageSize: Math.min(limit, 100) },
      { SortBy: "CreationTime", SortOrder: "Descending" },
      { abortSignal: invocation.signal },
    );
    const endpoints = await takeRows(pages, ({ Endpoints }) => Endpoints, limit);
    invocation.output.rows(
      endpoints,
      [
        { title: "NAME", value: ({ EndpointName }) => EndpointName },
        { title: "STATUS", value: ({ EndpointStatus }) => EndpointStatus },
        { title: "CREATED (UTC)", value: ({ CreationTime }) => CreationTime },
        { title: "CHANGED (UTC)", value: ({ LastModifiedTime }) => LastModifiedTime },
      ],
      "There are no endpoints.",
    );
  },
};
