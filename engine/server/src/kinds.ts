import type { ResourceKind } from "@rondo/control";
import { createEndpointKind } from "@rondo/services";
import type { Ports } from "./ports.ts";

/** Every kind of resource that changes by itself. */
export function createKinds(ports: Ports): ResourceKind<object>[] {
  return [createEndpointKind(ports) as ResourceKind<object>];
}
