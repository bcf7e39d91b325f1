import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DenseMatrix, type gradientBoosting, sharedFloats, type Table } from "@rondo/learn";
import type { LearningBenchContext } from "./learning-bench.ts";
import { runPeer } from "./peer.ts";

export type BoostingParameters = Parameters<typeof gradientBoosting.fit>[0];
export type BoostingPeer = "xgboost" | "lightgbm" | "lightgbm-depth-6" | "lightgbm-categories";

/** A data set as the peers' program wrote it: both sides read the same float32 numbers. */
export interface BoostingSet extends AsyncDisposable {
  readonly folder: string;
  readonly classes: number;
  readonly train: Table;
  readonly test: Table;
  /** For each column the texts of its categories; undefined for numbers. Training takes them only where it is told to. */
  readonly categories: readonly (readonly string[] | undefined)[];
}

interface Shape {
  readonly columns: number;
  readonly classes: number;
  readonly categories: Readonly<Record<string, readonly string[]>>;
}

const ROUNDS = 100;

export async function prepareBoostingSet(context: LearningBenchContext, name: string): Promise<BoostingSet> {
  const folder = await mkdtemp(join(tmpdir(), "boosting-"));
  const shape = await runPeer<Shape>(context, "boosting_peer.py", ["prepare", context.data, name, folder]);
  const { columns, classes } = shape;
  return {
    folder,
    classes,
    train: await readTable(folder, "train", columns),
    test: await readTable(folder, "test", columns),
    categories: Array.from({ length: columns }, (_, column) => shape.categories[column]),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

async function readTable(folder: string, part: "train" | "test", columns: number): Promise<Table> {
  const values = await readFloats(join(folder, `${part}.features`));
  const features: DenseMatrix = { kind: "dense", rows: values.length / columns, columns, values };
  return { features, labels: await readFloats(join(folder, `${part}.labels`)) };
}

export async function readFloats(path: string): Promise<Float32Array> {
  const bytes = await readFile(path);
  const values = sharedFloats(bytes.byteLength / Float32Array.BYTES_PER_ELEMENT);
  new Uint8Array(values.buffer).set(bytes);
  return values;
}

/** The settings of XGBoost's runs in the reference figures: what it does when little is said. */
export function likeXgboost({ classes }: BoostingSet): BoostingParameters {
  return { ...objectiveFor(classes), numRound: ROUNDS, learningRate: 0.1, maxDepth: 6 };
}

/**
 * LightGBM's defaults in XGBoost's words. Its second derivative of K classes is K ÷ (K − 1) p (1 − p) where XGBoost's is 2 p (1 − p): the same steps take
 * another learning rate.
 */
export function likeLightGbm({ classes }: BoostingSet): BoostingParameters {
  return {
    ...objectiveFor(classes),
    numRound: ROUNDS,
    learningRate: classes === 2 ? 0.1 : (0.1 * 2 * (classes - 1)) / classes,
    growPolicy: "lossguide",
    maxDepth: 0,
    maxLeaves: 31,
    lambda: 0,
    minChildWeight: 1e-3,
    minDataInLeaf: 20,
  };
}

function objectiveFor(classes: number): BoostingParameters {
  return classes === 2 ? { objective: "binary:logistic" } : { objective: "multi:softprob", numClass: classes };
}
