import type { Resource, ResourcePatch, SqlConnection } from "@rondo/store";

/**
 * One kind of resource that changes by itself. `reconcile` looks at the world and takes the next step; it must be idempotent, since a crash at any
 * line repeats it. What it returns is written to the row in one statement; throwing backs the row off and notes the reason.
 */
export interface ResourceKind<Body extends object = Record<string, unknown>> {
  /** `sagemaker/training-job` */
  readonly type: string;
  reconcile(resource: Resource<Body>, context: ReconcileContext): Promise<ResourcePatch<Body>>;
  /** After this many failed attempts in a row `giveUp` is called instead. Default 5. */
  readonly maxAttempts?: number;
  /** The outcome of a resource that cannot be reconciled: status Failed with the reason. */
  giveUp(resource: Resource<Body>, reason: string): ResourcePatch<Body>;
}

export interface ReconcileContext {
  /** Aborted when the loop stops or the lease is lost. */
  readonly signal: AbortSignal;
  /**
   * Writes an intermediate state (a status transition that others should see at once) under the same claim; the returned resource is the one to go
   * on with. Throws when the claim is lost. With the connection of a transaction, the state and what else is written there come together or not
   * at all; when the transaction fails, `reconcile` must throw.
   */
  save<Body extends object>(
    resource: Resource<Body>,
    patch: ResourcePatch<Body>,
    connection?: SqlConnection,
  ): Promise<Resource<Body>>;
  /** Named crash points: tests kill the process here. */
  crashPoint(name: string): void;
}
