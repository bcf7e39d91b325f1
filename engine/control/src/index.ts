export type { ReconcileContext, ResourceKind } from "./kind.ts";
