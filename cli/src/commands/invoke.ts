import { readFile } from "node:fs/promises";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { type CliCommand, type Invocation, requiredArgument, textOption } from "../command.ts";

/** The body: the argument itself, `@file`, or standard input. */
function readBody({ arguments: [, body = "-"], readInput }: Invocation): Promise<string | Buffer> {
  if (body === "-") return readInput();
  return body.startsWith("@") ? readFile(body.slice(1)) : Promise.resolve(body);
}

/** Sends a body to an endpoint and prints the answer. */
export const invokeCommand: CliCommand = {
  name: "invoke",
  summary: "Send a request to an endpoint and print the answer",
  arguments: {
    "<endpoint>": "name of the endpoint",
    "[body]": "the request's body, @file, or - for standard input (the default)",
  },
  options: [
    { flags: "--content-type <type>", description: "what the body is", default: "application/json" },
    { flags: "--accept <type>", description: "what the answer should be" },
    { flags: "--variant <name>", description: "ask this production variant" },
  ],
  examples: [
    `rondo invoke sentiment '{"instances":["easy to use , long battery life"]}'`,
    "rondo invoke churn @rows.csv --content-type text/csv",
  ],
  async run(invocation) {
    using session = await invocation.session();
    const accept = textOption(invocation, "accept");
    const variant = textOption(invocation, "variant");
    const command = new InvokeEndpointCommand({
      EndpointName: requiredArgument(invocation, 0),
      Body: await readBody(invocation),
      ContentType: textOption(invocation, "contentType"),
      ...(accept !== undefined && { Accept: accept }),
      ...(variant !== undefined && { TargetVariant: variant }),
    });
    const answer = await session.runtime.send(command, { abortSignal: invocation.signal });
    const body = Buffer.from(answer.Body ?? new Uint8Array()).toString("utf8");
    invocation.output.result(
      { body, contentType: answer.ContentType, variant: answer.InvokedProductionVariant },
      body.replace(/\n$/, ""),
    );
  },
};
