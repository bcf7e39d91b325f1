export type { AccuracyReport, Interval } from "./accuracy-report.ts";
export type { BootstrapOutcome } from "./bootstrap/bootstrap.ts";
export type { BootstrapProgress, BootstrapStep, OnProgress } from "./bootstrap/progress.ts";
export { describeSentiment } from "./describe-sentiment.ts";
export type { SentimentResponse } from "./inference-service/inference-service.ts";
export { type Sentiment, type SentimentOptions, startSentiment } from "./start-sentiment.ts";
export { createTerminalProgress } from "./terminal-progress.ts";
