/** A page token that carries where the next page begins. */
export function writePageToken(state: object): string {
  return Buffer.from(JSON.stringify(state)).toString("base64url");
}

/** What `writePageToken` wrote, when `isState` recognises it; else what `refuse` throws: each service has an error of its own. */
export function readPageToken<State extends object>(
  token: string | undefined,
  isState: (value: Partial<State>) => value is State,
  refuse: () => Error,
): State | undefined {
  if (token === undefined) return undefined;
  try {
    const state: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    if (typeof state === "object" && state !== null && isState(state)) return state;
  } catch {
    // Refused below.
  }
  throw refuse();
}
