import { s3Error } from "./store-errors.ts";

export type Encode = (text: string) => string;

/** How a listing writes keys: as they are, or percent-encoded for keys that XML cannot carry (`encoding-type=url`). */
export function encoderFor(encodingType: string | undefined): Encode {
  if (encodingType === undefined) return (text) => text;
  if (encodingType === "url") return percentEncode;
  throw s3Error("InvalidArgument", "Invalid Encoding Method specified in Request", {
    ArgumentName: "encoding-type",
    ArgumentValue: encodingType,
  });
}

/** Everything but unreserved characters and slashes; a space as %20, which both ways of decoding understand. */
function percentEncode(text: string): string {
  return encodeURIComponent(text)
    .replaceAll("%2F", "/")
    .replace(/[!'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
