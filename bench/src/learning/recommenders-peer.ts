import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Interactions } from "@rondo/learn";
import type { LearningBenchContext } from "./learning-bench.ts";
import { runPeer } from "./peer.ts";

export const recommenderPeers = ["implicit==0.7.3", "scipy==1.17.1", "numpy==2.4.6", "threadpoolctl==3.8.0"] as const;

/** A model of bench/python/recommenders_peer.py and its settings. */
export interface PeerModel {
  readonly model: "als" | "bm25" | "cosine" | "ease-numpy" | "ease-scipy" | "rp3beta" | "own-count";
  readonly settings: Readonly<Record<string, number>>;
}

export interface PeerAnswer {
  readonly version: string;
  /** Of each user the best items. */
  readonly items: readonly (readonly number[])[];
}

export interface PeerTime {
  readonly version: string;
  readonly seconds: number;
}

/** A temporary file with the pairs of the training data, as the peer reads them. */
export async function writePairs({ users, pairs }: Interactions): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), "recommenders-"));
  const path = join(folder, "train.tsv");
  const lines: string[] = [];
  for (let user = 0; user < users; user += 1) {
    for (let entry = pairs.starts[user] ?? 0; entry < (pairs.starts[user + 1] ?? 0); entry += 1) {
      lines.push(`${user} ${pairs.columnIndexes[entry]} ${pairs.values[entry]}\n`);
    }
  }
  await writeFile(path, lines.join(""));
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

export async function askPeer(
  context: LearningBenchContext,
  path: string,
  { model, settings }: PeerModel,
  mode: "new" | "any",
): Promise<PeerAnswer> {
  return await runPeer(context, "recommenders_peer.py", ["recommend", path, model, JSON.stringify(settings), mode]);
}

export async function timePeer(
  context: LearningBenchContext,
  path: string,
  { model, settings }: PeerModel,
): Promise<PeerTime> {
  return await runPeer(context, "recommenders_peer.py", ["time", path, model, JSON.stringify(settings)]);
}
