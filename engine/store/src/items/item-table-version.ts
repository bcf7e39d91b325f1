import type { Resource } from "../resources.ts";

/** Versions of a row that may be written within a millisecond. */
const VERSIONS = 1_000;

/**
 * Tells a state of a table's row from every other one, also when ids begin anew after everything was deleted: the time of the last write in
 * milliseconds, then the version.
 */
export function itemTableVersion({ updatedAt, version }: Pick<Resource, "updatedAt" | "version">): number {
  return updatedAt.getTime() * VERSIONS + (version % VERSIONS);
}

/** The same in SQL, of `resource`. */
export const ITEM_TABLE_VERSION = `item_table_version(resource.updated_at, resource.version)`;
