import { listServices } from "@rondo/server";
import { listOperations, type ServiceDefinition } from "@rondo/wire";

const head = `# Operations

Every AWS operation that Rondo answers, and what of it is accepted without effect. An operation that is not listed answers with an error that names it
(\`UnknownOperationException\`, \`InvalidAction\`, or \`NotImplemented\` with status 501 for S3), never with an invented success.

This page is derived from the code: \`npm run generate\`.
`;

/** docs/operations.md. */
export function operationsPage(): string {
  return [head, ...listServices().map(serviceSection)].join("\n");
}

function serviceSection(service: ServiceDefinition): string {
  const known = listOperations(service);
  const answered = known.filter(({ isAnswered }) => isAnswered);
  return [
    `## ${service.id}`,
    "",
    `${answered.length} of the ${known.length} operations of the SDK.`,
    "",
    "| operation | accepted without effect, or refused |",
    "|---|---|",
    ...answered.map(({ name, notHonoured }) => `| ${name} | ${notHonoured ?? ""} |`),
    "",
  ].join("\n");
}
