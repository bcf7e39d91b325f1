import { createServices } from "@rondo/server/services";
import type { ServiceDefinition } from "@rondo/wire";
import { describeService } from "@rondo/wire/testing";

const head = `# Operations

Every AWS operation that Rondo answers, and what of it is accepted without effect. An operation that is not listed answers with an error that names it
(\`UnknownOperationException\`, \`InvalidAction\`, or \`NotImplemented\` with status 501 for S3), never with an invented success.

This page is derived from the code: \`npm run generate\`.
`;

/** docs/operations.md. */
export async function operationsPage(): Promise<string> {
  // Listing what there is touches no port; one that is touched all the same fails loudly.
  const noPorts = new Proxy({}, { get: (_, name) => noPort(String(name)) });
  const services = createServices(noPorts as Parameters<typeof createServices>[0]);
  return [head, ...services.map(serviceSection)].join("\n");
}

function noPort(name: string): never {
  throw new Error(`A service used the port ${name} while it was being listed`);
}

function serviceSection(service: ServiceDefinition): string {
  const answered = Object.keys(service.operations).toSorted();
  const { knownOperations } = describeService(service);
  const rows = answered.map((name) => `| ${name} | ${service.notHonoured?.[name] ?? ""} |`);
  return [
    `## ${service.id}`,
    "",
    `${answered.length} of the ${knownOperations.length} operations of the SDK.`,
    "",
    "| operation | accepted without effect, or refused |",
    "|---|---|",
    ...rows,
    "",
  ].join("\n");
}
