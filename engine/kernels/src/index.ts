export { type BayesianRanking, learnRankingScalar } from "./bayesian-ranking.ts";
export { openRankingLearner, type RankingLearner } from "./bayesian-ranking.wasm.ts";
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
  inputRows,
  type LabelPaths,
  type ThreadArea,
  type ThreadCapacity,
} from "./embedding-bag-layout.ts";
export {
  type FactorizationLayout,
  type FactorizationRates,
  type FactorizationShape,
  factorizationGlobals,
  takeFactorization,
  writeFactorizationRates,
} from "./factorization-machine-layout.ts";
export {
  type BoostingData,
  type BoostingKernel,
  type BoostingLoss,
  type BoostingSettings,
  type CategoryBins,
  type EvaluatedMargins,
  type RowSource,
  startBoosting,
} from "./gradient-boosting.wasm.ts";
export type { BoostingShape } from "./gradient-boosting-layout.ts";
export { createForest, type Forest, type ForestShape, type ForestTree } from "./gradient-boosting-prediction.wasm.ts";
export type { BoostedTree } from "./gradient-boosting-tree.ts";
export type { LearningKernel, LearningSchedule } from "./learning-kernel.ts";
export { type FactorProblem, type FactorRows, solveRowScalar, strideOf } from "./least-squares.ts";
export {
  type FactorConnections,
  type FactorScorer,
  type FactorSolver,
  openFactorScorer,
  openFactorSolver,
} from "./least-squares.wasm.ts";
export { type LossAt, lossAt } from "./linear-models.ts";
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
export { createMemoryLayout, type MemoryLayout } from "./memory-layout.ts";
export { type KernelRun, type RowSlices, sliceByCost } from "./row-slices.ts";
export { type SparseLinearSettings, type SparseLinearSolution, solveSparseLinear } from "./sparse-linear.ts";
export {
  type SolvedJob,
  type SparseLinearControl,
  type SparseLinearJob,
  type SparseLinearTeam,
  startSparseLinear,
} from "./sparse-linear.wasm.ts";
export {
  allocateSparseLinear,
  type SparseLinearArea,
  type SparseLinearMatrix,
  type SparseLinearMemory,
  type SparseLinearShape,
} from "./sparse-linear-layout.ts";
export { multiplySparseScalar, type SparseProduct } from "./sparse-products.ts";
export { multiplySparse } from "./sparse-products.wasm.ts";
export { type SparseRows, transposeRows } from "./sparse-rows.ts";
export { type ColumnRegression, regressColumnsScalar } from "./symmetric-inverse.ts";
export { regressColumns } from "./symmetric-inverse.wasm.ts";
export { type KernelThreads, type KernelThreadsOptions, startKernelThreads } from "./threads/kernel-threads.ts";
export {
  type RankedUsers,
  scoreScalar,
  type TopItems,
  type TopNProblem,
  type TopNRestriction,
  type TopNScores,
  topItems,
} from "./top-n.ts";
export { rankUsers } from "./top-n.wasm.ts";
export { createScalarWordVectors } from "./word-vectors.ts";
export { createWordVectors } from "./word-vectors.wasm.ts";
export {
  allocateWordVectors,
  type SubwordTable,
  type WordVectorCapacity,
  type WordVectorLayout,
  type WordVectorMemory,
  type WordVectorShape,
  type WordVectorTables,
} from "./word-vectors-layout.ts";
