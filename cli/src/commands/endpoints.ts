import { paginateListEndpoints } from "@aws-sdk/client-sagemaker";
import type { CliCommand } from "../command.ts";
import { limitOption, printListing } from "../listing.ts";

/** Lists endpoints, newest first. */
export const endpointsCommand: CliCommand = {
  name: "endpoints",
  summary: "List endpoints, newest first",
  options: [limitOption],
  examples: ["rondo endpoints", "rondo endpoints --json | jq -r '.[].EndpointName'"],
  async run(invocation) {
    using session = await invocation.session();
    await printListing(invocation, {
      pages: (pageSize) =>
        paginateListEndpoints(
          { client: session.sagemaker, pageSize },
          { SortBy: "CreationTime", SortOrder: "Descending" },
          { abortSignal: invocation.signal },
        ),
      rowsOf: ({ Endpoints }) => Endpoints,
      columns: [
        { title: "NAME", value: ({ EndpointName }) => EndpointName },
        { title: "STATUS", value: ({ EndpointStatus }) => EndpointStatus },
        { title: "CREATED (UTC)", value: ({ CreationTime }) => CreationTime },
        { title: "CHANGED (UTC)", value: ({ LastModifiedTime }) => LastModifiedTime },
      ],
      empty: "There are no endpoints.",
    });
  },
};
