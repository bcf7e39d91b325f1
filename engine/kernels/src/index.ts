export { createScalarEmbeddingBag } from "./embedding-bag.ts";
export { createEmbeddingBag } from "./embedding-bag.wasm.ts";
export type { EmbeddingBagKernel, LearningSchedule } from "./embedding-bag-kernel.ts";
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
