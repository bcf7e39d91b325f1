import { buffer } from "node:stream/consumers";
import { parseS3Uri } from "@rondo/run";
import { type Objects, StoreError } from "@rondo/store";

/** Either the text, or why there is none. */
export type TextObject = { readonly text: string } | { readonly problem: string };

/** The whole text of a small object of an account, given by its S3 URI. */
export async function readTextObject(
  objects: Objects,
  accountId: string,
  { uri, maxBytes }: { readonly uri: string; readonly maxBytes: number },
): Promise<TextObject> {
  const { bucket, key } = parseS3Uri(uri) ?? { bucket: "", key: "" };
  if (bucket === "" || key === "") return { problem: `${uri} is not the S3 URI of a file.` };
  try {
    const { info, body } = await objects.get({ accountId, bucket }, key);
    if (Buffer.isBuffer(body)) return info.size > maxBytes ? tooLarge(uri, maxBytes) : { text: body.toString("utf8") };
    if (info.size <= maxBytes) return { text: (await buffer(body)).toString("utf8") };
    body.destroy();
    return tooLarge(uri, maxBytes);
  } catch (error) {
    if (!(error instanceof StoreError) || !/^(NoSuch|Invalid)/.test(error.code)) throw error;
    return { problem: `${uri} cannot be read: ${error.code}.` };
  }
}

function tooLarge(uri: string, maxBytes: number): TextObject {
  return { problem: `${uri} is larger than ${maxBytes} bytes.` };
}
