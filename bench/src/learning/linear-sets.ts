import { mkdtempDisposable, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DenseMatrix, type LinearParameters, sharedFloats, type Table } from "@rondo/learn";
import type { LearningBenchContext } from "./learning-bench.ts";
import { runPeer } from "./peer.ts";

/** pip's requirement lines of bench/python/linear_peer.py. */
export const linearPeers = ["scikit-learn==1.9.1", "pandas==3.1.1", "numpy==2.4.6"] as const;

/** The reference figures' tables, split as there; adult-hours and bank-age predict a number of the same rows. */
export const linearSets = [
  "adult",
  "bank",
  "bank-nodur",
  "german",
  "spambase",
  "letter",
  "shuttle",
  "adult-hours",
  "bank-age",
] as const;

/** Rows as the peer has them, texts as columns of 0 and 1, numbers as they are. */
export interface LinearSet {
  readonly folder: string;
  readonly train: Table & { readonly features: DenseMatrix; readonly labels: Float32Array };
  readonly test: Table & { readonly features: DenseMatrix; readonly labels: Float32Array };
  /** 0: the label is a number. */
  readonly classes: number;
  readonly predictorType: LinearParameters["predictorType"];
}

interface Shape {
  readonly columns: number;
  readonly train: number;
  readonly test: number;
  readonly classes: number;
}

/** Lets the peer's program write the rows that both programs then read; the folder is removed when the set is disposed of. */
export async function prepareLinearSet(
  context: LearningBenchContext,
  name: string,
): Promise<LinearSet & AsyncDisposable> {
  const folder = await mkdtempDisposable(join(tmpdir(), "rondo-linear-"));
  const shape = await runPeer<Shape>(context, "linear_peer.py", ["prepare", context.data, name, folder.path]);
  const read = async (part: "train" | "test"): Promise<LinearSet["train"]> => {
    const values = await readFloats(join(folder.path, `${part}.features`));
    const features: DenseMatrix = { kind: "dense", rows: shape[part], columns: shape.columns, values };
    return { features, labels: await readFloats(join(folder.path, `${part}.labels`)) };
  };
  const { classes } = shape;
  return {
    folder: folder.path,
    train: await read("train"),
    test: await read("test"),
    classes,
    predictorType: classes === 0 ? "regressor" : classes === 2 ? "binary_classifier" : "multiclass_classifier",
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** A file of little-endian float32 in shared memory. */
export async function readFloats(path: string): Promise<Float32Array> {
  const bytes = await readFile(path);
  const floats = sharedFloats(bytes.length / Float32Array.BYTES_PER_ELEMENT);
  new Uint8Array(floats.buffer).set(bytes);
  return floats;
}
