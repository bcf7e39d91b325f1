import type { ApplicationContext } from "../application-context.ts";
import { evaluationTable } from "../evaluation-service/evaluation-row.ts";
import { sendNotification } from "../notification-service/send-notification.ts";
import { nameBasedUuid } from "../storage/name-based-uuid.ts";
import type { PipelineResult, Run } from "./run.ts";

/** Stores the gate's verdict for `GET /latest-evaluation` and notifies. Repeated, it has the same effect once. */
export async function reportPipelineRun(context: ApplicationContext, run: Run): Promise<void> {
  if (run.outcome !== undefined) await storeVerdict(context, run, run.outcome);
  const notification = { ...describeRun(run), notification_id: nameBasedUuid(`${run.run_id} ended`) };
  await sendNotification(context.settings.notificationServiceUrl, notification);
}

async function storeVerdict(context: ApplicationContext, run: Run, outcome: PipelineResult): Promise<void> {
  const evaluation = await context.session.downloadString(outcome.evaluation_uri);
  if (evaluation === undefined) throw new Error(`The pipeline's report ${outcome.evaluation_uri} is not there.`);
  await evaluationTable(context).put({
    evaluation_id: nameBasedUuid(`${run.run_id} gate`),
    kind: "gate",
    timestamp: context.clock.now().toISOString(),
    run_id: run.run_id,
    model_version: outcome.model_version ?? null,
    report: JSON.parse(evaluation),
  });
}

/** SNS takes subjects of ASCII only. */
export function describeRun({ kind, run_id, outcome, failure_reason }: Run) {
  if (failure_reason !== undefined || outcome === undefined) {
    return {
      topic: "model-training-notifications",
      event_type: `${kind}-failed`,
      subject: `Sentiment: the ${kind} failed`,
      message: `Run ${run_id} failed: ${failure_reason ?? "it has no outcome"}`.slice(0, 10_000),
    } as const;
  }
  if (!outcome.is_deployed) {
    return {
      topic: "model-training-notifications",
      event_type: `${kind}-not-deployed`,
      subject: `Sentiment: the ${kind} is done, the model in service stays`,
      message: `Run ${run_id}: ${outcome.decision}. ${outcome.reason}`,
    } as const;
  }
  return {
    topic: "model-deployment-notifications",
    event_type: `${kind}-deployed`,
    subject: `Sentiment: ${outcome.model_version} is in service`,
    message: `Run ${run_id}: endpoint ${outcome.endpoint_name} serves ${outcome.model_version}. ${outcome.reason}`,
  } as const;
}
