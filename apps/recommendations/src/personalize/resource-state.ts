/** What a description of Personalize says of how far a resource is. */
export interface ResourceState {
  readonly status?: string | undefined;
  readonly failureReason?: string | undefined;
}

/** Whether it is ready. Throws when it never will be. */
export function isReady(what: string, { status = "", failureReason }: ResourceState): boolean {
  if (status === "ACTIVE") return true;
  if (/FAILED|STOPPED|DELETE/.test(status)) {
    throw new Error(`${what} is ${status}: ${failureReason ?? "Personalize gives no reason"}`);
  }
  return false;
}
