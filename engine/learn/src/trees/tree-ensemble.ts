/**
 * A tree with its nodes in arrays, as in XGBoost's model format ("Introduction to Model IO", XGBoost documentation). Node 0 is the root. A row goes left at a
 * node when its value is below the condition; a missing one goes where `defaultLeft` says.
 */
export interface RegressionTree {
  /** -1 in a leaf. */
  readonly leftChildren: Int32Array;
  readonly rightChildren: Int32Array;
  readonly splitColumns: Uint32Array;
  /** In a leaf: its value, learning rate included. */
  readonly splitConditions: Float32Array;
  /** 1 = missing values go left. */
  readonly defaultLeft: Uint8Array;
  /** Loss reduction of the split; 0 in a leaf. */
  readonly lossChanges: Float32Array;
  /** Sum of the second derivatives of the rows that came to the node. */
  readonly sumHessians: Float32Array;
  /** What the node would say if it were a leaf, without the learning rate. */
  readonly baseWeights: Float32Array;
  /** By node: the categories that go right. Absent where every split is numerical. */
  readonly categories?: ReadonlyMap<number, Uint32Array>;
}

/** What gradient boosting has learned: the sum of its trees, by output. */
export interface TreeEnsemble {
  readonly booster: "gbtree" | "dart";
  /** XGBoost's name, such as `binary:logistic`, and the parameters that its predictions need (`tweedie_variance_power` …). */
  readonly objective: string;
  readonly objectiveParameters: Readonly<Record<string, string>>;
  /** Classes of a multi-class objective, else 1. */
  readonly outputs: number;
  /** As XGBoost's base_score: in the space of the prediction (a probability for `binary:logistic`), one for each output or one for all. */
  readonly baseScores: readonly number[];
  readonly columns: number;
  readonly names?: readonly string[];
  /** XGBoost's feature types: `float`, `int`, `c` (categorical) … */
  readonly types?: readonly string[];
  readonly trees: readonly RegressionTree[];
  /** The output that each tree adds to. */
  readonly treeOutputs: Int32Array;
  /** Of dart: what each tree counts. */
  readonly treeWeights?: Float32Array;
  /** Where each boosting round's trees begin, and the end: more than `outputs` trees a round with num_parallel_tree. */
  readonly roundStarts: Int32Array;
  /** Attributes kept with the model, such as `best_iteration`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What the booster `gblinear` has learned: of each output a weight by column, the bias last. */
export interface LinearBooster
  extends Omit<TreeEnsemble, "booster" | "trees" | "treeOutputs" | "treeWeights" | "roundStarts"> {
  readonly booster: "gblinear";
  /** (columns + 1) × outputs, as XGBoost writes them: column by column, outputs beside each other. */
  readonly weights: Float32Array;
}
