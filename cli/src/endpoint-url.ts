import { join } from "node:path";
import { readServerFile } from "@rondo/server/server-file";

const DEFAULT_ENDPOINT = "http://127.0.0.1:4700";

export interface EndpointSource {
  /** --endpoint-url */
  readonly endpointUrl?: string;
  readonly home: string;
}

/** Where the AWS APIs are: as given, as AWS_ENDPOINT_URL says, where the server of the home listens, or where one listens by default. */
export async function findEndpointUrl(source: EndpointSource, environment: NodeJS.ProcessEnv): Promise<string> {
  const given = source.endpointUrl ?? environment.AWS_ENDPOINT_URL;
  if (given !== undefined && given !== "") return given;
  const server = await readServerFile(join(source.home, "server.json"));
  return server?.url ?? DEFAULT_ENDPOINT;
}
