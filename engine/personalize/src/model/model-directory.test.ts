import assert from "node:assert/strict";
import { mkdtempDisposable, open, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FormatError } from "@rondo/learn";
import { retailSlice } from "../testing/retail-slice.ts";
import { trainModel } from "../training/train-model.ts";
import { readModelDirectory, writeModelDirectory } from "./model-directory.ts";
import { openScorer } from "./open-scorer.ts";

async function writtenModel() {
  const request = {
    recipe: "aws-sims",
    trainingMode: "FULL",
    performHPO: false,
    solutionConfig: { eventValueThreshold: "2" },
  } as const;
  const clock = { now: () => new Date("2011-12-10T00:00:00Z") };
  const { model } = await trainModel(retailSlice(), request, { threads: 1, clock });
  const folder = await mkdtempDisposable(join(tmpdir(), "model-"));
  await writeModelDirectory(folder.path, model);
  return { model, path: folder.path, [Symbol.asyncDispose]: () => folder.remove() };
}

test("what is written is read: ids, records, histories, what counts", async () => {
  await using written = await writtenModel();
  const read = await readModelDirectory(written.path);
  assert.deepEqual({ ...read, files: {} }, { ...written.model, files: {} });
  assert.notDeepEqual(read.learned, read.histories);
});

test("damaged files are refused", async () => {
  await using written = await writtenModel();
  const path = join(written.path, "model.rondo");
  const bytes = await readFile(path);
  const refused = async (): Promise<void> => await assert.rejects(readModelDirectory(written.path), FormatError);

  await truncate(path, bytes.length - 1);
  await refused();
  await writeFile(path, bytes.subarray(0, 10));
  await refused();
  // Every array lies after the header; its first kilobyte tells lengths and versions.
  const header = bytes.indexOf('"version":1');
  const other = Buffer.from(bytes);
  other.write("7", header + 10);
  await writeFile(path, other);
  await assert.rejects(readModelDirectory(written.path), /version is 7/);
  await rm(path);
  await refused();
});

test("what was learned is refused when it is damaged, missing, or of other items", async () => {
  await using written = await writtenModel();
  const component = join(written.path, "learned", "component-0");
  await using file = await open(component, "r+");
  await file.write(Buffer.from([0xff, 0xff, 0xff, 0xff]), 0, 4, 0);
  await assert.rejects(async () => await openScorer(await readModelDirectory(written.path)), FormatError);
  await rm(component);
  await assert.rejects(async () => await openScorer(await readModelDirectory(written.path)), /no component-0/);
  const fewer = { ...written.model, items: { ...written.model.items, ids: written.model.items.ids.slice(1) } };
  await assert.rejects(openScorer(fewer), /has 100 items, the model 99/);
});
