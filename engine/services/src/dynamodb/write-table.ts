import { type Resource, type ResourcePatch, type Resources, StoreError } from "@rondo/store";
import { type AwsError, awsError } from "@rondo/wire";
import type { TableBody } from "./table-definition.ts";

/** Changes a table's row. Throws ResourceInUseException when somebody else changed it since it was read. */
export async function writeTable(
  resources: Pick<Resources, "update">,
  table: Resource<TableBody>,
  patch: ResourcePatch<TableBody>,
): Promise<Resource<TableBody>> {
  try {
    return await resources.update(table, patch);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "Conflict") throw error;
    throw inUse(`Attempt to change a resource which is still in use: Table is being updated: ${table.name}`);
  }
}

export function inUse(message: string): AwsError {
  return awsError("ResourceInUseException", message);
}
