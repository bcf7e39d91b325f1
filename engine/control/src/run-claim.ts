import type { ClaimedResource, Clock, Logger, Resource, ResourcePatch, Resources, SqlConnection } from "@rondo/store";
import { backOffMs } from "./back-off.ts";
import { SimulatedCrash } from "./crash-point.ts";
import type { ReconcileContext, ResourceKind } from "./kind.ts";

export interface RunClaimDependencies {
  readonly resources: Pick<Resources, "renew" | "save" | "settle" | "release" | "onDue">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly leaseMs: number;
  readonly crashPoint: (name: string) => void;
  /** Aborted when the loop stops. */
  readonly signal: AbortSignal;
  /** True once a crash was simulated: whatever runs on must not write any more. */
  readonly isDead: () => boolean;
}

const defaultMaxAttempts = 5;
/** After some row has changed, how long until a step asks whether it was its own: many changes together cost one question. */
const noticeMs = 250;

class ClaimLost extends Error {
  constructor(resource: Resource) {
    super(`The claim of ${resource.type} ${resource.name} is lost: the row was changed or the lease has ended`);
    this.name = "ClaimLost";
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * The row as it is under the claim, kept alive by renewing the lease while a long step runs. A row that somebody changes, to stop or delete what the
 * step is busy with, is noticed soon after the change and not only at the next renewal.
 */
function holdClaim(claimed: ClaimedResource, dependencies: RunClaimDependencies) {
  const { resources, leaseMs, logger } = dependencies;
  const lost = new AbortController();
  let current = claimed;
  /** What is in the database also when the transaction that `current` was saved in fails. */
  let committed = claimed;
  let saving = 0;

  async function renew(): Promise<void> {
    const renewed = current;
    try {
      if (await resources.renew(renewed, leaseMs)) return;
      if (saving === 0 && current === renewed) lost.abort(new ClaimLost(claimed)); // else our own save came between
    } catch (error) {
      logger.warn({ error, resource: claimed.arn }, "Renewing a lease failed");
    }
  }

  let asking: NodeJS.Timeout | undefined;
  const timer = setInterval(() => void renew(), leaseMs / 3);
  const listener = resources.onDue(() => {
    asking ??= setTimeout(() => {
      asking = undefined;
      void renew();
    }, noticeMs);
  });
  return {
    committed: () => committed,
    lost: lost.signal,
    async save<Body extends object>(
      _resource: Resource<Body>,
      patch: ResourcePatch<Body>,
      connection?: SqlConnection,
    ): Promise<Resource<Body>> {
      saving += 1;
      try {
        if (dependencies.isDead()) throw new ClaimLost(claimed);
        const saved = await resources.save(current, patch as ResourcePatch<Record<string, unknown>>, connection);
        if (saved === undefined) throw new ClaimLost(claimed);
        current = saved;
        const commit = () => {
          committed = saved;
        };
        if (connection === undefined) commit();
        else connection.afterCommit(commit);
        return saved as Resource<object> as Resource<Body>;
      } finally {
        saving -= 1;
      }
    },
    [Symbol.dispose]() {
      listener[Symbol.dispose]();
      clearInterval(timer);
      clearTimeout(asking);
    },
  };
}

function failedOutcome(
  kind: ResourceKind<object>,
  resource: Resource,
  error: unknown,
  { clock, random, logger }: RunClaimDependencies,
) {
  const attempts = resource.attempts + 1;
  const reason = messageOf(error);
  const isLast = attempts >= (kind.maxAttempts ?? defaultMaxAttempts);
  logger.warn({ error, resource: resource.arn, attempts, isLast }, "Reconciling failed");
  if (isLast) return { ...kind.giveUp(resource, reason), attempts, reason };
  return { due: new Date(clock.now().getTime() + backOffMs(attempts, random())), attempts, reason };
}

/** Takes one step with a claimed row and writes its outcome; never rejects. */
export async function runClaim(
  kind: ResourceKind<object>,
  claimed: ClaimedResource,
  dependencies: RunClaimDependencies,
): Promise<void> {
  const { resources, signal, isDead, logger, crashPoint } = dependencies;
  using claim = holdClaim(claimed, dependencies);
  const context: ReconcileContext = { signal: AbortSignal.any([signal, claim.lost]), save: claim.save, crashPoint };
  try {
    const outcome = await kind.reconcile(claimed, context).then(
      (patch) => ({ ...patch, attempts: 0, reason: null }),
      (error: unknown) => {
        const interrupted = context.signal.aborted || error instanceof ClaimLost || error instanceof SimulatedCrash;
        return interrupted ? undefined : failedOutcome(kind, claim.committed(), error, dependencies);
      },
    );
    if (isDead()) return;
    const patch = outcome as (typeof outcome & ResourcePatch<Record<string, unknown>>) | undefined;
    if (patch === undefined || !(await resources.settle(claim.committed(), patch))) await resources.release(claimed);
  } catch (error) {
    logger.error(
      { error, resource: claimed.arn },
      "An outcome could not be written; the step is repeated when its lease ends",
    );
  }
}
