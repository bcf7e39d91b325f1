import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { PersonalizeClient } from "@aws-sdk/client-personalize";

const ASKING = "ask-for-extras";
const READING = "read-extras";

/** The whole answer to what `send` asks, with the header `x-rondo-explain`: the SDK drops what it does not know. */
export async function sendForExtras(
  { middlewareStack }: PersonalizeClient,
  send: () => Promise<unknown>,
): Promise<Readonly<Record<string, unknown>>> {
  let text = "";
  middlewareStack.add(
    (next) => async (args) => {
      (args.request as { headers: Record<string, string> }).headers["x-rondo-explain"] = "true";
      return await next(args);
    },
    { step: "build", name: ASKING },
  );
  middlewareStack.add(
    (next) => async (args) => {
      const output = await next(args);
      const response = output.response as { body: Readable };
      text = (await buffer(response.body)).toString();
      response.body = Readable.from([Buffer.from(text)]);
      return output;
    },
    { step: "deserialize", priority: "low", name: READING },
  );
  try {
    await send();
  } finally {
    middlewareStack.remove(ASKING);
    middlewareStack.remove(READING);
  }
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}
