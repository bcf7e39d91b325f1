import { serializationError } from "../codec/serialization-error.ts";
import { awsError } from "../error.ts";
import { type QueryPair, readQuery } from "../percent-encoding.ts";

/** AWS takes forms of about a megabyte. */
const longestForm = 4 * 1024 * 1024;

/** The parameters of a query request, from URL and form body together; a plus sign is a space in the form. */
export function readForm(query: readonly QueryPair[], body: Buffer): readonly QueryPair[] {
  if (body.length > longestForm)
    throw awsError("RequestEntityTooLargeException", `The form is larger than ${longestForm} bytes.`, { status: 413 });
  const pairs = readQuery(body.toString("utf8").replaceAll("+", "%20").trim());
  if (pairs === undefined) throw serializationError("The form is not valid percent-encoded UTF-8.");
  return [...query, ...pairs];
}

export function actionOf(query: readonly QueryPair[], body: Buffer): string | undefined {
  return readForm(query, body).find(({ name }) => name === "Action")?.value;
}
