import { awsError } from "@rondo/wire";
import { readPageToken } from "../page-token.ts";

/** What `writePageToken` wrote, when `isState` recognises it; InvalidNextToken for anything else. */
export function readNextToken<State extends object>(
  token: string | undefined,
  isState: (value: Partial<State>) => value is State,
): State | undefined {
  return readPageToken(token, isState, () =>
    awsError("InvalidNextToken", "The value for parameter NextToken is invalid."),
  );
}
