export { findMountNamespace } from "../process/mount-namespace.ts";
export { type ExecutorSuiteOptions, executorSuite } from "./executor-suite.ts";
