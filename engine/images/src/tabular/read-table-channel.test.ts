import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { encodeRecord, toDense } from "@rondo/learn";
import { ClientError } from "../client-error.ts";
import { type ChannelFiles, createContainerDirectory } from "../testing/container-process.ts";
import { readTableChannel, type TableChannelOptions } from "./read-table-channel.ts";
import { tabularFormats } from "./tabular-type.ts";

/** Written by DuckDB: SELECT 1::FLOAT AS y, 2.5::FLOAT AS a UNION ALL SELECT 0, 3. */
const PARQUET =
  "UEFSMRUAFRwVICwVBBUAFQYVBgAADjQCAAAABAEAAIA/AAAAABUAFRwVICwVBBUAFQYVBgAADjQCAAAABAEAACBAAABAQBUCGTw1ABgNZHVja2RiX3NjaGVtYRUEABUIJQIYAXkAFQglAhgBYQAWBBkcGSwmABwVCBkVABkYAXkVAhYEFj4WQiYIPBgEAACAPxgEAAAAABYAKAQAAIA/GAQAAAAAEREAAAAmABwVCBkVABkYAWEVAhYEFj4WQiZKPBgEAABAQBgEAAAgQBYAKAQAAEBAGAQAACBAEREAAAAWfBYEJggWhAEAKChEdWNrREIgdmVyc2lvbiB2MS41LjYgKGJ1aWxkIDA2OWNjOWY5YjUpGSwcAAAcAAAA1wAAAFBBUjE=";

async function read(files: ChannelFiles[string], contentType?: string, options: Partial<TableChannelOptions> = {}) {
  await using directory = await createContainerDirectory({}, { train: files }, contentType);
  const table = await readTableChannel(directory.path, "train", { formats: tabularFormats, ...options });
  assert.ok(table !== undefined);
  const { values, columns } = toDense(table.features);
  return { values: [...values], columns, labels: table.labels && [...table.labels], weights: table.weights };
}

test("all files of a channel in the order of their names, without hidden ones", async () => {
  const files = { "b.csv": "3,4\n", "a/2.csv": "5,6", "a.csv": "1,2\n", ".hidden": "x", "a/.git/x": "x" };
  const { values, labels } = await read(files, "text/csv");
  assert.deepEqual(
    [labels, values],
    [
      [1, 5, 3],
      [2, 6, 4],
    ],
  );
});

test("the content type says which format, and whether there is a label", async () => {
  assert.deepEqual((await read({ a: "1,2" }, "text/csv;label_size=0")).labels, undefined);
  assert.deepEqual((await read({ a: "1,2" }, "text/csv; label_size=1", { labelColumns: 0 })).labels, [1]);
  assert.deepEqual((await read({ a: "1,2" }, "csv", { labelColumns: 0 })).values, [1, 2]);
  assert.deepEqual((await read({ a: "1,0.5,2" }, "text/csv", { weightColumn: true })).weights, Float32Array.of(0.5));
  assert.deepEqual((await read({ a: "1 1:2" }, "text/libsvm")).values, [Number.NaN, 2]);
  assert.deepEqual((await read({ a: '{"features":[2],"label":1}' }, "application/jsonlines")).values, [2]);
  const record = encodeRecord({ features: { values: { values: [2] } }, label: { values: { values: [1] } } });
  assert.deepEqual((await read({ a: record }, "application/x-recordio-protobuf")).values, [2]);
});

test("without a content type it is the image's first format", async () => {
  assert.deepEqual((await read({ a: "1 0:2" }, undefined, { formats: ["libsvm", "csv"] })).values, [2]);
});

test("without a label_size a column more than the features is a label, as AWS's default has it", async () => {
  const options = { labelColumns: 0, labelMayBeFirst: true, columns: 2 } as const;
  const labelled = await read({ a: "1,2,3" }, "text/csv", options);
  assert.deepEqual([labelled.labels, labelled.values], [[1], [2, 3]]);
  const bare = await read({ a: "2,3" }, "text/csv", options);
  assert.deepEqual([bare.labels, bare.values], [undefined, [2, 3]]);
  const refused = read({ a: "1,2,3" }, "text/csv;label_size=0", options);
  await assert.rejects(refused, /there are 3 columns of features, not 2/);
});

test("an abort ends the reading, also of a pipe that never ends", async () => {
  await using directory = await createContainerDirectory({}, { train: { a: "" } }, "text/csv");
  const pipe = join(directory.path, "input", "data", "train_0");
  execFileSync("mkfifo", [pipe]);
  await using writer = await open(pipe, "r+");
  await writer.write("1,2\n");
  const stopping = new AbortController();
  const reading = readTableChannel(directory.path, "train", { formats: ["csv"], signal: stopping.signal });
  setImmediate(() => stopping.abort());
  await assert.rejects(reading, { name: "AbortError" });
});

test("refusals say which channel, what it holds and what is possible", async () => {
  const refused = (files: ChannelFiles[string], contentType: string, message: RegExp) =>
    assert.rejects(
      read(files, contentType, { formats: ["csv", "recordio-protobuf"] }),
      (error) => error instanceof ClientError && message.test(error.message),
    );
  await refused(
    { a: "1" },
    "text/libsvm",
    /type text\/libsvm of the channel train is not supported; supported are text\/csv,/,
  );
  await refused({ a: "1" }, "text/csv;label_size=2", /label_size of the channel train must be 0 or 1, not 2/);
  await refused({ "sub/a.csv": "1,2\n1,x" }, "text/csv", /^train\/sub\/a\.csv, line 2, column 2: "x" is not a number/);
  await refused({ a: "" }, "text/csv", /empty/);
  await refused({ ".hidden": "" }, "text/csv", /channel train is empty/);
});

test("Parquet is read from files", async () => {
  const file = Buffer.from(PARQUET, "base64");
  const { labels, values } = await read({ "a.parquet": file }, "application/x-parquet");
  assert.deepEqual(
    [labels, values],
    [
      [1, 0],
      [2.5, 3],
    ],
  );
});

test("Pipe mode: one stream of all files in a named pipe", async () => {
  await using directory = await createContainerDirectory({}, { train: { a: "" } }, "text/csv");
  const pipe = join(directory.path, "input", "data", "train_0");
  execFileSync("mkfifo", [pipe]);
  const [table] = await Promise.all([
    readTableChannel(directory.path, "train", { formats: ["csv", "parquet"] }),
    writeFile(pipe, "1,2\n3,4\n"),
  ]);
  assert.deepEqual(table && [...toDense(table.features).values], [2, 4]);
  await using parquet = await createContainerDirectory({}, { train: { a: "" } }, "application/x-parquet");
  execFileSync("mkfifo", [join(parquet.path, "input", "data", "train_0")]);
  const reading = readTableChannel(parquet.path, "train", { formats: ["csv", "parquet"] });
  await assert.rejects(reading, /ClientError: Parquet cannot be read in Pipe mode/);
});

test("no such channel: undefined", async () => {
  await using directory = await createContainerDirectory({}, { train: { a: "1,2" } });
  assert.equal(await readTableChannel(directory.path, "validation", { formats: ["csv"] }), undefined);
});
