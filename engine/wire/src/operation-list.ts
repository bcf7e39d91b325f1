import type { ServiceDefinition } from "./service.ts";
import { serviceModel } from "./service-model.ts";

/** One line of docs/operations.md. */
export interface OperationListing {
  readonly name: string;
  readonly isAnswered: boolean;
  /** What of it is accepted and has no effect. */
  readonly notHonoured: string | undefined;
}

/** Every operation that the SDK knows of a service, in alphabetical order, and whether we answer it. */
export function listOperations(definition: ServiceDefinition): readonly OperationListing[] {
  const names = [...serviceModel(definition).operations.keys()].sort();
  return names.map((name) => ({
    name,
    isAnswered: Object.hasOwn(definition.operations, name),
    notHonoured: definition.notHonoured?.[name],
  }));
}
