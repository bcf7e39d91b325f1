import { Endpoint, isAlreadyExisting, ProcessingJob, Processor } from "@rondo/sdk";
import type { ApplicationContext } from "../application-context.ts";
import type { FeedbackEvaluation } from "../drift/evaluate-feedback.ts";
import { createModelVersions } from "../inference-service/model-versions.ts";
import { sendNotification } from "../notification-service/send-notification.ts";
import { bundleScripts } from "../pipeline/bundle-scripts.ts";
import { uploadScript } from "../pipeline/prepare-pipeline.ts";
import type { RunParts } from "../runs/carry-out-run.ts";
import type { Run } from "../runs/run.ts";
import { nameBasedUuid } from "../storage/name-based-uuid.ts";
import { evaluationTable } from "./evaluation-row.ts";
import { exportFeedback } from "./export-feedback.ts";

/** What a live evaluation found out, as its processing job wrote it. */
export interface LiveReport extends FeedbackEvaluation {
  /** Name of the model that was in service. */
  readonly model_version: string;
  readonly evaluated_at: string;
}

/** A convention: what users said in the last quarter of a year. */
const RECENT_MS = 90 * 24 * 3_600_000;
const PROCESSING = "/opt/ml/processing";

/** The live evaluation: feedback to S3 as CSV, a processing job, its report into the table, and news of it when retraining is advised (S-37). */
export function liveEvaluationParts(context: ApplicationContext): RunParts<LiveReport> {
  const { names, session, settings } = context;
  const versions = createModelVersions(new Endpoint(settings.endpointName, session));
  const folderOf = (run: Run<LiveReport>) => `s3://${names.buckets.data}/evaluations/${run.run_id}`;

  return {
    async prepare(run, signal) {
      const modelVersion = await versions.versionOf(undefined);
      const since = new Date(Date.parse(run.timestamp) - RECENT_MS);
      const uri = `${folderOf(run)}/feedback`;
      const counts = await exportFeedback(context, { modelVersion, since, uri, signal });
      return { data: uri, counts: { ...counts }, model_version: modelVersion };
    },
    async start(run, signal) {
      const { drift } = await bundleScripts();
      const code = await uploadScript(context, drift, signal);
      await startJob(context, { ...run, code, output: `${folderOf(run)}/report` }, signal);
      return (await jobOf(context, run).describe(signal)).ProcessingJobArn ?? "";
    },
    async follow(run, { signal }) {
      await jobOf(context, run).wait({ signal });
      const report = await session.downloadString(`${folderOf(run)}/report/report.json`, { signal });
      if (report === undefined) throw new Error("The processing job left no report.");
      // Written by drift_script.ts.
      return JSON.parse(report) as LiveReport;
    },
    report: (run) => reportEvaluation(context, run),
  };
}

function jobOf({ settings, session }: ApplicationContext, { run_id }: Pick<Run<LiveReport>, "run_id">): ProcessingJob {
  return new ProcessingJob(`${settings.projectName.slice(0, 20)}-drift-${run_id}`, session);
}

async function startJob(
  context: ApplicationContext,
  job: Run<LiveReport> & { readonly code: string; readonly output: string },
  signal: AbortSignal,
): Promise<void> {
  const { names, session, settings } = context;
  const processor = new Processor({
    imageUri: settings.scriptImage,
    command: ["node"],
    role: settings.role,
    session,
    maxRuntimeInSeconds: 3_600,
  });
  try {
    await processor.run({
      jobName: jobOf(context, job).name,
      code: job.code,
      inputs: [{ name: "feedback", source: job.data ?? "", destination: `${PROCESSING}/feedback` }],
      outputs: [{ name: "report", source: `${PROCESSING}/report`, destination: job.output }],
      arguments: Object.entries({
        "--model-version": job.model_version ?? "",
        "--models-bucket": names.buckets.models,
        "--tokenizers-bucket": names.buckets.tokenizers,
      }).flat(),
      wait: false,
      signal,
    });
  } catch (error) {
    // Started before a restart.
    if (!isAlreadyExisting(error)) throw error;
  }
}

async function reportEvaluation(context: ApplicationContext, run: Run<LiveReport>): Promise<void> {
  const { run_id, outcome, failure_reason = "it has no report" } = run;
  const notification = { notification_id: nameBasedUuid(`${run_id} ended`) };
  const url = context.settings.notificationServiceUrl;
  if (outcome === undefined) {
    const message = `Evaluation ${run_id} failed: ${failure_reason}`.slice(0, 10_000);
    const subject = "Sentiment: the evaluation failed";
    await sendNotification(url, { ...notification, event_type: "evaluation-failed", subject, message });
    return;
  }
  await evaluationTable(context).put({
    evaluation_id: run_id,
    kind: "live",
    timestamp: context.clock.now().toISOString(),
    run_id,
    model_version: outcome.model_version,
    report: outcome,
  });
  if (!outcome.drift.isRetrainingAdvised) return;
  const subject = `Sentiment: retraining of ${outcome.model_version} is advised`;
  const message = outcome.drift.reason;
  await sendNotification(url, { ...notification, event_type: "retraining-advised", subject, message });
}
