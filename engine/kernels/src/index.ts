export { distance } from "./distances.ts";
export { createScalarEmbeddingBag } from "./embedding-bag.ts";
export { createEmbeddingBag } from "./embedding-bag.wasm.ts";
export type { EmbeddingBagKernel } from "./embedding-bag-kernel.ts";
export {
  allocateEmbeddingBag,
  type EmbeddingBagLayout,
  type EmbeddingBagLoss,
  type EmbeddingBagMemory,
  type EmbeddingBagShape,
  type LabelPaths,
  type ThreadArea,
  type ThreadCapacity,
} from "./embedding-bag-layout.ts";
export {
  type LinearGroup,
  type LinearLoss,
  type LinearModelsLayout,
  type LinearModelsShape,
  type LinearOptimizer,
  type LinearRowsLayout,
  type LinearRowsShape,
  linearGroup,
  linearLosses,
  linearOptimizers,
  linearPartial,
  modelGlobals,
  rowGlobals,
  takeLinearModels,
  takeLinearRows,
} from "./linear-models-layout.ts";
export {
  type DenseRows,
  multiplyColumns,
  multiplyTransposed,
  PANEL,
  packRows,
  panelsOf,
} from "./matrix-multiply.ts";
export type { LearningKernel, LearningSchedule } from "./learning-kernel.ts";
export { createMemoryLayout, type MemoryLayout } from "./memory-layout.ts";
export { type KernelThreads, type KernelThreadsOptions, startKernelThreads } from "./threads/kernel-threads.ts";
