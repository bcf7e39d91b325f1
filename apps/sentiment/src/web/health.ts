import { describeFailure } from "../storage/out-of-reach.ts";

/** Something that a service cannot do its work without, or does less well without. */
export interface Dependency {
  /** `dynamodb table feedback-table` */
  readonly name: string;
  /** Whether the service answers 503 while it is away; otherwise it is `degraded` and works on with its fallback. */
  readonly isRequired: boolean;
  /** Asks it; what it resolves to is shown. Throws when it does not answer. */
  check(signal: AbortSignal): Promise<string>;
}

export interface Health {
  readonly status: "ok" | "degraded" | "unavailable";
  readonly service: string;
  readonly dependencies: readonly {
    readonly name: string;
    readonly status: "ok" | "unavailable";
    readonly detail: string;
  }[];
}

/** So that a load balancer, which gives up after some seconds, hears of a dependency that hangs. */
const DEADLINE_MS = 2_000;

/** Asks all dependencies at once. */
export async function readHealth(service: string, dependencies: readonly Dependency[]): Promise<Health> {
  const checked = await Promise.all(
    dependencies.map(async ({ name, isRequired, check }) => {
      try {
        const detail = await untilDeadline(check);
        return { isRequired, shown: { name, status: "ok" as const, detail } };
      } catch (error) {
        return { isRequired, shown: { name, status: "unavailable" as const, detail: describeFailure(error) } };
      }
    }),
  );
  const away = checked.filter(({ shown }) => shown.status !== "ok");
  const status = away.some(({ isRequired }) => isRequired) ? "unavailable" : away.length > 0 ? "degraded" : "ok";
  return { status, service, dependencies: checked.map(({ shown }) => shown) };
}

/** Also a check that does not heed its signal is over by then. */
async function untilDeadline(check: Dependency["check"]): Promise<string> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const late = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => late.reject(new Error(`No answer in ${DEADLINE_MS / 1000} s.`)));
  return Promise.race([check(signal), late.promise]);
}

const HEALTH_PROPERTIES = {
  status: {
    type: "string",
    enum: ["ok", "degraded", "unavailable"],
    description: "degraded: works on with its fallback; unavailable: cannot do its work",
  },
  service: { type: "string" },
  dependencies: {
    type: "array",
    items: {
      type: "object",
      required: ["name", "status", "detail"],
      properties: {
        name: { type: "string" },
        status: { type: "string", enum: ["ok", "unavailable"] },
        detail: { type: "string" },
      },
    },
  },
} as const;

/** The schema of `GET /health`; `facts` are what a service shows beside it. */
export function healthSchema(facts: Readonly<Record<string, object>>) {
  return {
    type: "object",
    required: Object.keys(HEALTH_PROPERTIES),
    properties: { ...HEALTH_PROPERTIES, ...facts },
  };
}
