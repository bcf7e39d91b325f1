import { awsError } from "@rondo/wire";

/** A page token that carries where the next page begins. */
export function writePageToken(state: object): string {
  return Buffer.from(JSON.stringify(state)).toString("base64url");
}

/** What `writePageToken` wrote, when `isState` recognises it; InvalidNextToken for anything else. */
export function readPageToken<State extends object>(
  token: string | undefined,
  isState: (value: Partial<State>) => value is State,
): State | undefined {
  if (token === undefined) return undefined;
  try {
    const state: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    if (typeof state === "object" && state !== null && isState(state)) return state;
  } catch {
    // Refused below.
  }
  throw awsError("InvalidNextToken", "The value for parameter NextToken is invalid.");
}
