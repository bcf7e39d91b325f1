export { type ControlLoop, type ControlLoopOptions, createControlLoop } from "./control-loop.ts";
export { killAtCrashPoint, SimulatedCrash } from "./crash-point.ts";
export type { ReconcileContext, ResourceKind } from "./kind.ts";
export { createMaintenance, type MaintenanceTask } from "./maintenance.ts";
