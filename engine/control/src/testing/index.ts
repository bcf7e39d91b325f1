export { createManualClock, type ManualClock } from "./manual-clock.ts";
export { type ReconcileSuiteOptions, type ReconcileWorld, testReconcile } from "./reconcile-suite.ts";
