import { randomUUID } from "node:crypto";
import type { ApplicationContext } from "../application-context.ts";
import { isAtWork } from "../runs/run.ts";
import type { Runner } from "../runs/runner.ts";
import { isOutOfReach } from "../storage/out-of-reach.ts";
import type { LiveReport } from "./live-evaluation.ts";

const HOUR_MS = 3_600_000;
const LOOK_MS = 60_000;

/**
 * Begins an evaluation when the last one is as long ago as EVALUATION_INTERVAL_HOURS says; with 0, the default, never. When that was is read from the
 * table, so that restarts change nothing.
 */
export function scheduleEvaluations(context: ApplicationContext, runner: Runner<LiveReport>): Disposable {
  const { settings, onFault } = context;
  if (settings.evaluationIntervalHours === 0) return { [Symbol.dispose]: () => undefined };
  const timer = setInterval(() => {
    beginWhenDue(context, runner).catch((error: unknown) => {
      if (!isOutOfReach(error)) onFault(error);
    });
  }, LOOK_MS);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Whether an evaluation was due and has begun. */
export async function beginWhenDue(
  { clock, settings }: Pick<ApplicationContext, "clock" | "settings">,
  runner: Pick<Runner<LiveReport>, "begin" | "latest">,
): Promise<boolean> {
  const now = clock.now();
  const latest = await runner.latest();
  const dueAt = latest === undefined ? 0 : Date.parse(latest.timestamp) + settings.evaluationIntervalHours * HOUR_MS;
  if (now.getTime() < dueAt || (latest !== undefined && isAtWork(latest))) return false;
  await runner.begin({
    run_id: randomUUID(),
    kind: "evaluation",
    timestamp: now.toISOString(),
    status: "Preparing",
    reason: "schedule",
  });
  return true;
}
