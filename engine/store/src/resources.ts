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
  /** When status or body were last written. */
  readonly updatedAt: Date;
  /** Counts the writes; an update that saw another version is refused. */
  readonly version: number;
  /** When the control loop is to look at it; null = nothing changes by itself. */
  readonly due: Date | null;
  /** Failed reconcile attempts in a row, and the last one's message. */
  readonly attempts: number;
  readonly reason: string | null;
  /** The home on whose disk the work on it lies, by `Resources.place`; null = nowhere in particular. */
  readonly place: string | null;
}

/** A row that the control loop works on; `lease` tells this claim from every other one. */
export interface ClaimedResource<Body extends object = Record<string, unknown>> extends Resource<Body> {
  readonly lease: string;
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
  /** `here`: from now on only a Rondo of this home claims the row, unless that is not heard of any more. */
  readonly place?: "here" | null;
}

export interface ResourceQuery extends Owner {
  readonly type: string;
  readonly status?: string;
  readonly arn?: string;
  readonly nameContains?: string;
  /** JSON that the body must contain (PostgreSQL's `@>`): `{ ModelApprovalStatus: "Approved" }`. */
  readonly bodyContains?: object;
  readonly namePrefix?: string;
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

/** A row whose outcome was written and that is not due any more. */
export type RestingResource = Pick<Resource, "accountId" | "region" | "type" | "name">;

export interface Resources {
  /** The home that `here` stands for. */
  readonly place: string;
  /** Throws StoreError "AlreadyExists" when owner, type and name are taken. Wakes the control loop when due. */
  insert<Body extends object>(resource: NewResource<Body>, connection?: SqlConnection): Promise<Resource<Body>>;
  /** The case of a name matters, except of SageMaker's (`sagemaker/…`), which are also unique without it. */
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
  /**
   * Claims up to `limit` due rows of these types with FOR UPDATE SKIP LOCKED; nobody else gets them before the lease ends. Rows that lie on another
   * Rondo's home are left to it until it was silent for `PLACE_SILENCE_MS`. The claim is not counted by `version`, so an operation that read the row before can still write it (and the claim is then lost).
   */
  claimDue(options: {
    readonly types: readonly string[];
    readonly limit: number;
    readonly leaseMs: number;
  }): Promise<ClaimedResource[]>;
  /** Lengthens the lease; false when the claim is lost: the row was changed, deleted, or claimed by another after the lease had ended. */
  renew(claimed: ClaimedResource, leaseMs: number): Promise<boolean>;
  /** Writes an intermediate state under the claim and goes on with it; undefined when the claim is lost. */
  save(
    claimed: ClaimedResource,
    patch: ResourcePatch<Record<string, unknown>>,
    connection?: SqlConnection,
  ): Promise<ClaimedResource | undefined>;
  /** Ends a claim: writes the outcome unless the claim is lost (then false, and nothing is written). Without `due` nothing changes by itself any more. */
  settle(
    claimed: ClaimedResource,
    patch: ResourcePatch<Record<string, unknown>> & { readonly attempts: number; readonly reason: string | null },
  ): Promise<boolean>;
  /** Gives a claim back without an outcome, for the next one to take at once. */
  release(claimed: ClaimedResource): Promise<void>;
  /**
   * Ends the leases of processes that are known to be dead: on a home that one Rondo uses at a time these are all but our own. On a server,
   * where others may be alive, it does nothing; their leases end by themselves. Returns how many.
   */
  releaseDead(): Promise<number>;
  /** When the next row of these types can be claimed; undefined = none waits. */
  nextDue(types: readonly string[]): Promise<Date | undefined>;
  /** Called for each change in this process that made a row due, once it is committed, and by NOTIFY for changes in others. */
  onDue(listener: () => void): Disposable;
  /**
   * Called for each outcome of `settle` after which the row does not change by itself any more, by NOTIFY also for those of other processes: for what
   * waits for the end of another resource. A message may be lost with its connection, so that whoever waits must also look from time to time.
   */
  onRest(listener: (resource: RestingResource) => void): Disposable;
}
