import type { Owner, Resources, SqlConnection } from "@rondo/store";
import { listPersonalize, type PersonalizeType } from "./personalize-resource.ts";

/** What goes with a resource that is deleted. */
export interface Dependents {
  readonly types: readonly PersonalizeType[];
  /** What their bodies contain: `{ datasetGroupArn }`. */
  readonly bodyContains: object;
}

/** Deletes rows, page by page. */
export async function deleteDependents(
  resources: Pick<Resources, "list" | "delete">,
  owner: Owner,
  { types, bodyContains }: Dependents,
  connection?: SqlConnection,
): Promise<void> {
  for (const type of types) {
    for (let more = true; more; ) {
      const page = await listPersonalize<object>(resources, owner, type, { bodyContains });
      for (const row of page.resources) await resources.delete(row, connection);
      more = page.nextToken !== undefined;
    }
  }
}
