import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SparseMatrix, Table } from "@rondo/learn";
import { readFloats } from "./boosting-data.ts";
import type { LearningBenchContext } from "./learning-bench.ts";
import { runPeer } from "./peer.ts";

/** pip's requirement lines. */
export const clusteringPeers = ["scikit-learn==1.9.1", "pandas==3.1.1"];

/** A data set as the peers' program wrote it: both sides read the same float32 numbers. */
export interface ClusteringSet extends AsyncDisposable {
  readonly name: string;
  readonly folder: string;
  readonly columns: number;
  readonly train: Table;
  readonly test: Table;
}

export async function prepareClusteringSet(context: LearningBenchContext, name: string): Promise<ClusteringSet> {
  const folder = await mkdtemp(join(tmpdir(), "clustering-"));
  const { columns } = await runPeer<{ columns: number }>(context, "clustering_peer.py", [
    "prepare",
    context.data,
    name,
    folder,
  ]);
  const read = name === "reuters" ? readCounts : readRows;
  return {
    name,
    folder,
    columns,
    train: await read(folder, "train", columns),
    test: await read(folder, "test", columns),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

async function readRows(folder: string, part: string, columns: number): Promise<Table> {
  const values = await readFloats(join(folder, `${part}.features`));
  const features = { kind: "dense", rows: values.length / columns, columns, values } as const;
  return { features, labels: await readFloats(join(folder, `${part}.labels`)) };
}

async function readCounts(folder: string, part: string, columns: number): Promise<Table> {
  const read = async (name: string): Promise<ArrayBuffer> => {
    const bytes = await readFile(join(folder, `${part}.${name}`));
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  };
  const rowStarts = new Float64Array(await read("starts"));
  const features: SparseMatrix = {
    kind: "sparse",
    rows: rowStarts.length - 1,
    columns,
    rowStarts,
    columnIndexes: new Uint32Array(await read("words")),
    values: new Float32Array(await read("counts")),
    absent: "zero",
  };
  return { features };
}
