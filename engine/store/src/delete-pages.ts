import type { Sql } from "./sql.ts";

/** What the maintenance gives to each deletion of what has expired. */
export interface ExpiryOptions {
  readonly sql: Sql;
  readonly now: Date;
  /** Aborted: end after the page that is being deleted. */
  readonly signal?: AbortSignal;
}

/** Deletes page after page until one is not full, so that no statement holds many locks; returns how many rows went. `deletePage` tells how many it took. */
export async function deletePages(
  { pageSize, signal }: { readonly pageSize: number; readonly signal: AbortSignal | undefined },
  deletePage: () => Promise<number>,
): Promise<number> {
  let deleted = 0;
  let count: number;
  do {
    signal?.throwIfAborted();
    count = await deletePage();
    deleted += count;
  } while (count >= pageSize);
  return deleted;
}
