import { setTimeout as pause } from "node:timers/promises";
import type { LatestEvaluation } from "../evaluation-service/evaluation-routes.ts";
import type { Evaluation } from "../gate/evaluation.ts";
import type { OnPipelineProgress, PipelineStepProgress } from "../pipeline/pipeline-progress.ts";
import type { BootstrapStatus } from "./bootstrap-routes.ts";

export interface BootstrapOutcome {
  readonly endpointName: string;
  /** Name of the model behind the endpoint: `sentiment-v3`. */
  readonly modelVersion: string;
  /** What the gate found out about that model; undefined for one that was not deployed by the pipeline. */
  readonly evaluation: Evaluation | undefined;
}

export interface BootstrapServices {
  /** URL of the model-init service. */
  readonly modelInit: string;
  /** URL of the evaluation service. */
  readonly evaluation: string;
}

const POLL_MS = 500;

/**
 * Asks for the first model and waits until predictions are answered, as any client of the services would. Aborting ends the waiting, not the work.
 * Throws Error with the reason when the bootstrap failed.
 */
export async function followBootstrap(
  services: BootstrapServices,
  options: { readonly onProgress: OnPipelineProgress; readonly signal?: AbortSignal | undefined },
): Promise<BootstrapOutcome> {
  const { onProgress, signal } = options;
  const url = `${services.modelInit}/bootstrap`;
  const report = reportOnce(onProgress);
  let status = await ask<BootstrapStatus>(url, { method: "POST", ...(signal && { signal }) });
  while (status.status === "Bootstrapping") {
    for (const step of status.run?.steps ?? []) report(step as PipelineStepProgress);
    await pause(POLL_MS, undefined, { ...(signal && { signal }) });
    status = await ask<BootstrapStatus>(url, { ...(signal && { signal }) });
  }
  for (const step of status.run?.steps ?? []) report(step as PipelineStepProgress);
  if (status.status !== "InService" || status.model_version === null) {
    const reason = status.run?.failure_reason ?? status.run?.outcome?.reason ?? "the endpoint is gone";
    throw new Error(`There is no first model: ${reason}. The next start, or POST ${url}, tries again.`);
  }
  const modelVersion = status.model_version;
  const { in_service } = await ask<LatestEvaluation>(`${services.evaluation}/latest-evaluation`, {
    ...(signal && { signal }),
  });
  const isOfModel = in_service?.model_version === modelVersion;
  return {
    endpointName: status.endpoint_name,
    modelVersion,
    evaluation: isOfModel ? (in_service.report as Evaluation) : undefined,
  };
}

async function ask<Answer>(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const body = (await response.json()) as Answer & { error?: { message: string } };
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${body.error?.message}`);
  return body;
}

/** Each step's end is told once, and nothing of a step after its end. */
function reportOnce(onProgress: OnPipelineProgress): OnPipelineProgress {
  const done = new Set<string>();
  return (progress) => {
    if (done.has(progress.step)) return;
    if (progress.fraction === 1) done.add(progress.step);
    onProgress(progress);
  };
}
