export {
  type Algorithm,
  DataError,
  type EncodedModel,
  type FitContext,
  type FitProgress,
  FormatError,
} from "./algorithm.ts";
export type { RandomCutForest } from "./anomalies/forest-model.ts";
export {
  explainAnomalies,
  extendForest,
  randomCutForest,
  randomCutForestParameters,
  shingle,
} from "./anomalies/random-cut-forest.ts";
export { type KMeansModel, kMeans } from "./clustering/k-means.ts";
export { kMeansParameters } from "./clustering/k-means-parameters.ts";
export {
  type PrincipalComponentsModel,
  principalComponents,
  principalComponentsParameters,
} from "./components/principal-components.ts";
export { type KernelShapOptions, kernelShap } from "./explanations/kernel-shap.ts";
export { type Contributions, type LinearFunction, linearShap } from "./explanations/linear-shap.ts";
export {
  type PermutationImportance,
  type PermutationOptions,
  permutationImportance,
} from "./explanations/permutation-importance.ts";
export { evaluateFactorization, FACTORIZATION_THRESHOLD } from "./factorization/evaluate-factorization.ts";
export { factorizationMachines } from "./factorization/factorization-machines.ts";
export type { FactorizationModel } from "./factorization/factorization-model.ts";
export { type FactorizationParameters, factorizationParameters } from "./factorization/factorization-parameters.ts";
export { evaluateLinear, type LinearEvaluationOptions, objectiveNames } from "./linear/evaluate-linear.ts";
export { linearLearner } from "./linear/linear-learner.ts";
export { meanLoss } from "./linear/linear-loss.ts";
export type { LinearModel } from "./linear/linear-model.ts";
export { type LinearParameters, linearParameters } from "./linear/linear-parameters.ts";
export { binaryMetrics, mostProbable, type PredictionMetric, regressionMetrics } from "./linear/prediction-metrics.ts";
export {
  findNeighbours,
  findNeighboursInParallel,
  type Neighbours,
  nearestNeighbours,
  vote,
} from "./neighbours/nearest-neighbours.ts";
export { nearestNeighboursParameters } from "./neighbours/nearest-neighbours-parameters.ts";
export type { NearestNeighboursModel } from "./neighbours/neighbours-model.ts";
export { multilayerPerceptron, multilayerPerceptronParameters } from "./nets/multilayer-perceptron.ts";
export type { Network } from "./nets/network.ts";
export {
  type ParameterDefinition,
  ParameterError,
  type ParameterTable,
  type ParameterValues,
  resolveParameters,
} from "./parameters.ts";
export {
  bayesianRanking,
  bayesianRankingParameters,
  type RankingFactors,
} from "./recommenders/bayesian-ranking.ts";
export { type Blend, blendParameters, createBlend } from "./recommenders/blend.ts";
export { type BlendComponent, blendComponent, type FittedComponent } from "./recommenders/blend-components.ts";
export { type JudgedCandidates, judgeCandidates, meanGain } from "./recommenders/blend-weights.ts";
export { contentSimilarity, contentSimilarityParameters } from "./recommenders/content-similarity.ts";
export { ease, easeParameters } from "./recommenders/ease.ts";
export { type HistoryWeighting, weighHistories } from "./recommenders/history-weights.ts";
export { type HeldOut, type HoldOutOptions, holdOut } from "./recommenders/hold-out.ts";
export { implicitAls, implicitAlsParameters } from "./recommenders/implicit-als.ts";
export {
  createInteractions,
  type EventHistories,
  type InteractionEvents,
  type InteractionSource,
  type Interactions,
  keepEvents,
} from "./recommenders/interactions.ts";
export type { ItemFactors } from "./recommenders/item-factors.ts";
export { itemItem, itemItemParameters } from "./recommenders/item-item.ts";
export type { ItemScores } from "./recommenders/item-scores.ts";
export type { ItemWeights } from "./recommenders/item-weights.ts";
export {
  decodeStoredModel,
  encodeStoredModel,
  type StoredModel,
  type StoredModelReader,
} from "./recommenders/model-file.ts";
export { type OwnHistory, ownHistory, ownHistoryParameters } from "./recommenders/own-history.ts";
export { popularity, popularityParameters } from "./recommenders/popularity.ts";
export { type RecommendOptions, recommend, recommendAll } from "./recommenders/recommend.ts";
export type { RankingProblem, Recommender, Scorer } from "./recommenders/recommender.ts";
export { createReranker, type Reranker, rerankerParameters } from "./recommenders/reranker.ts";
export { rp3Beta, rp3BetaParameters } from "./recommenders/rp3-beta.ts";
export { sequential, sequentialParameters } from "./recommenders/sequential.ts";
export { trending, trendingParameters } from "./recommenders/trending.ts";
export { type UserNeighbours, userNeighbours, userNeighboursParameters } from "./recommenders/user-neighbours.ts";
export type { CsvOptions } from "./table/csv/csv-rows.ts";
export { parseCsv, parseCsvInSlices, readCsv } from "./table/csv/read-csv.ts";
export {
  type JsonOptions,
  parseJsonInstances,
  parseJsonInstancesInSlices,
  parseJsonLines,
  parseJsonLinesInSlices,
  readJsonLines,
} from "./table/json/read-json-lines.ts";
export type { LibsvmOptions } from "./table/libsvm/libsvm-rows.ts";
export { parseLibsvm, parseLibsvmInSlices, readLibsvm } from "./table/libsvm/read-libsvm.ts";
export {
  type DenseMatrix,
  denseMatrix,
  type Matrix,
  type SparseMatrix,
  sharedFloats,
  sliceRows,
  toDense,
} from "./table/matrix.ts";
export { type ParquetFile, readParquet } from "./table/parquet/read-parquet.ts";
export { encodeRecord, type RecordValues, type TensorValues } from "./table/recordio/encode-record.ts";
export {
  parseRecordIo,
  parseRecordIoInSlices,
  type RecordIoOptions,
  readRecordIo,
} from "./table/recordio/read-record-io.ts";
export { appendRows, selectRows } from "./table/select-rows.ts";
export { finishAtOnce, finishInSlices, type SlicedWork } from "./table/sliced-work.ts";
export type { Table, TableData } from "./table/table.ts";
export type {
  MetricValue,
  RowPredictions,
  TableAlgorithm,
  TableFitContext,
  TableFitProgress,
} from "./table/table-algorithm.ts";
export type { TableFile } from "./table/table-file.ts";
export type { TableOptions } from "./table/table-options.ts";
export { type FastTextData, type FastTextInput, fastText, fastTextParameters } from "./text/fasttext/fasttext.ts";
export { type Corpus, readText, type TextChunks } from "./text/fasttext/fasttext-corpus.ts";
export { evaluate, type FastTextModel, modelBytes } from "./text/fasttext/fasttext-model.ts";
export { predictBytes, type TextPrediction } from "./text/fasttext/fasttext-prediction.ts";
export { cosine, type NearWord, nearestWords } from "./text/fasttext/nearest-words.ts";
export { quantisationParameters, quantiseFastText } from "./text/fasttext/quantise-fasttext.ts";
export { decodeVectors, encodeVectors, type NamedVectors } from "./text/fasttext/vector-file.ts";
export { evaluateSimilarity, type JudgedPair, type SimilarityReport } from "./text/fasttext/word-similarity.ts";
export { type WordVectorData, wordVectorParameters, wordVectors } from "./text/fasttext/word-vectors.ts";
export { decodeFastTextFile, type FastTextFile } from "./text/fasttext/word-vectors-file.ts";
export {
  findWord,
  type VectorSource,
  type WordVectorModel,
  wordsWithVectors,
  wordVector,
  wordVectorBytes,
} from "./text/fasttext/word-vectors-model.ts";
export type { LabelledText } from "./text/ngram/labelled-corpus.ts";
export { type TextClassifierData, textClassifier } from "./text/ngram/text-classifier.ts";
export { scoreText, type TextClassifierModel } from "./text/ngram/text-classifier-model.ts";
export { textClassifierParameters } from "./text/ngram/text-classifier-parameters.ts";
export type { ClassifierInput, LabelPrediction, ScoreExplanation } from "./text/ngram/text-prediction.ts";
export { tokenize } from "./text/ngram/tokenizer.ts";
export { type DocumentWords, toDocumentWords } from "./topics/document-words.ts";
export { latentDirichlet, latentDirichletParameters } from "./topics/latent-dirichlet.ts";
export { completionLogLikelihood, type Topics } from "./topics/topic-inference.ts";
export {
  type Explanations,
  explainApproximately,
  explainContributions,
  explainInteractions,
} from "./trees/explanations/explain-booster.ts";
export type { Booster } from "./trees/formats/read-xgboost-model.ts";
export { decodeXgboostModel, encodeXgboostModel, type XgboostFormat } from "./trees/formats/xgboost-model-file.ts";
export { gradientBoosting } from "./trees/gradient-boosting.ts";
export { type GradientBoostingParameters, gradientBoostingParameters } from "./trees/gradient-boosting-parameters.ts";
export { linearBoosting } from "./trees/linear/linear-boosting.ts";
export { type LinearBoostingParameters, linearBoostingParameters } from "./trees/linear/linear-boosting-parameters.ts";
export { metricNames } from "./trees/metrics/find-metric.ts";
export { predictBooster } from "./trees/prediction/predict-booster.ts";
export {
  createEnsemblePredictor,
  type EnsemblePredictor,
  predictEnsemble,
  predictMargins,
} from "./trees/prediction/predict-ensemble.ts";
export type { LinearBooster, RegressionTree, TreeEnsemble } from "./trees/tree-ensemble.ts";
export {
  type FoldOptions,
  groupKFold,
  kFold,
  refuseLeaks,
  type Split,
  stratifiedKFold,
  type TimeSplitOptions,
  timeSplit,
} from "./validation/splits.ts";
