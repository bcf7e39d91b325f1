export { type ExecutorSuiteOptions, executorSuite } from "./executor-suite.ts";
