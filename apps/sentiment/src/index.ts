export type { Opinion } from "./data/opinion.ts";
export { parseOpinions } from "./data/opinion-csv.ts";
export { describeSentiment } from "./describe-sentiment.ts";
export type { Evaluation } from "./gate/evaluation.ts";
export type { SentimentResponse } from "./inference-service/inference-routes.ts";
export { type LoopRun, type RunLoopOptions, runLoop } from "./loop/run-loop.ts";

export type { BootstrapOutcome } from "./model-init-service/follow-bootstrap.ts";
export { canaryDeployment } from "./pipeline/deploy-model-version.ts";
export type { OnPipelineProgress, PipelineStepName, PipelineStepProgress } from "./pipeline/pipeline-progress.ts";
export { PIPELINE_STEP_TITLES } from "./pipeline/pipeline-progress.ts";
export { putRollbackAlarms } from "./pipeline/rollback-alarms.ts";
export { type Sentiment, type SentimentOptions, startSentiment } from "./start-sentiment.ts";
