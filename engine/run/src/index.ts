export type { ExecutionHandle, ExecutionSpecification, ExecutionState, Executor, OutputLine } from "./executor.ts";
