import type { SqlConnection } from "./sql.ts";

/** Whose a resource is: state is separate per account and region. */
export interface Owner {
  readonly accountId: string;
  readonly region: string;
}

/**
 * A row of the generic resource table: a thing that the AWS API creates, describes, lists and deletes. `body` is the resource in the shape
 * that the API gives it (dates as ISO strings), plus what reconciling it needs to remember.
 */
export interface Resource<Body extends object = Record<string, unknown>> {
  readonly id: number;
  /** `sagemaker/training-job`: service and kind. */
  readonly type: string;
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly status: string;
  readonly body: Body;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Counts the writes; an update that saw another version is refused. */
  readonly version: number;
  /** When the control loop is to look at it; null = nothing changes by itself. */
  readonly due: Date | null;
  /** Failed reconcile attempts in a row, and the last one's message. */
  readonly attempts: number;
  readonly reason: string | null;
}

export interface NewResource<Body extends object> extends Owner {
  readonly type: string;
  readonly name: string;
  readonly arn: string;
  readonly status: string;
  readonly body: Body;
  readonly due?: Date | "now" | null;
}

export interface ResourcePatch<Body extends object> {
  readonly status?: string;
  /** Replaces the body. */
  readonly body?: Body;
  readonly due?: Date | "now" | null;
}

export interface ResourceQuery extends Owner {
  readonly type: string;
  readonly status?: string;
  readonly nameContains?: string;
  readonly createdAfter?: Date;
  readonly createdBefore?: Date;
  readonly updatedAfter?: Date;
  readonly updatedBefore?: Date;
  readonly sortBy?: "name" | "createdAt" | "updatedAt" | "status";
  readonly sortOrder?: "ascending" | "descending";
  readonly limit: number;
  /** Of the page before. Opaque; a foreign one throws StoreError "InvalidToken". */
  readonly nextToken?: string;
}

export interface ResourcePage<Body extends object> {
  readonly resources: Resource<Body>[];
  readonly nextToken?: string;
}

export interface Resources {
  /** Throws StoreError "AlreadyExists" when owner, type and name are taken. Wakes the control loop when due. */
  insert<Body extends object>(resource: NewResource<Body>, connection?: SqlConnection): Promise<Resource<Body>>;
  find<Body extends object>(
    owner: Owner,
    type: string,
    name: string,
    connection?: SqlConnection,
  ): Promise<Resource<Body> | undefined>;
  /** Reads and locks the row until the transaction ends. */
  findForUpdate<Body extends object>(
    owner: Owner,
    type: string,
    name: string,
    connection: SqlConnection,
  ): Promise<Resource<Body> | undefined>;
  /** Throws StoreError "Conflict" when the row has another version by now. */
  update<Body extends object>(
    resource: Resource<Body>,
    patch: ResourcePatch<Body>,
    connection?: SqlConnection,
  ): Promise<Resource<Body>>;
  delete(resource: Pick<Resource, "id">, connection?: SqlConnection): Promise<void>;
  list<Body extends object>(query: ResourceQuery): Promise<ResourcePage<Body>>;
  /** Claims up to `limit` due rows of these types with FOR UPDATE SKIP LOCKED and a lease; `version` is the fencing number. */
  claimDue(options: {
    readonly types: readonly string[];
    readonly limit: number;
    readonly leaseMs: number;
  }): Promise<Resource[]>;
  /** Ends a claim: writes the outcome unless the row has moved on since (then false, and nothing is written). */
  settle(
    claimed: Resource,
    patch: ResourcePatch<Record<string, unknown>> & { readonly attempts: number; readonly reason: string | null },
  ): Promise<boolean>;
  /** When the next row of these types falls due; undefined = none waits. */
  nextDue(types: readonly string[]): Promise<Date | undefined>;
  /** Called at once for each change in this process that made a row due, and by NOTIFY for changes in others. */
  onDue(listener: () => void): Disposable;
}
