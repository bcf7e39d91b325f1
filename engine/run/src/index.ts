export {
  type ExecutionHandle,
  type ExecutionSpecification,
  type ExecutionState,
  type Executor,
  MAX_LINE_BYTES,
  type Output,
} from "./executor.ts";
export { createProcessExecutor, type ProcessExecutorOptions } from "./process/process-executor.ts";
