import assert from "node:assert/strict";
import { test } from "node:test";
import { DataError } from "../../algorithm.ts";
import { tableFileOf } from "../../testing/table-file-of.ts";
import { toDense } from "../matrix.ts";
import type { Table } from "../table.ts";
import { encodeRecord } from "./encode-record.ts";
import { parseRecordIo, readRecordIo } from "./read-record-io.ts";

// Written by `write_numpy_to_dense_tensor` and `write_spmatrix_to_sparse_tensor` of SageMaker's Python SDK 2.
/** float32: [[1.5, −2, NaN], [0, 4, 0.001]], labels float32 [1, 0]. */
const FLOATS =
  "CiPXzjAAAAAKGgoGdmFsdWVzEhASDgoMAADAPwAAAMAAAMB/EhIKBnZhbHVlcxIIEgYKBAAAgD8KI9fOMAAAAAoaCgZ2YWx1ZXMSEBIOCgwAAAAAAACAQG8SgzoSEgoGdmFsdWVzEggSBgoEAAAAAA==";
/** float64: [[1.5, −2], [0, 4]], labels int32 [1, −3]. */
const DOUBLES =
  "CiPXzjEAAAAKHgoGdmFsdWVzEhQaEgoQAAAAAAAA+D8AAAAAAAAAwBIPCgZ2YWx1ZXMSBToDCgEBAAAACiPXzjoAAAAKHgoGdmFsdWVzEhQaEgoQAAAAAAAAAAAAAAAAAAAQQBIYCgZ2YWx1ZXMSDjoMCgr9//////////8BAAA=";
/** int32: [[1, −2], [300, 4]], no labels. */
const INTEGERS = "CiPXzhsAAAAKGQoGdmFsdWVzEg86DQoLAf7//////////wEACiPXzhMAAAAKEQoGdmFsdWVzEgc6BQoDrAIEAA==";
/** float32: [[0, 0, 2.5, 0], [0, 0, 0, 0], [1, 0, 0, 300]], labels float32 [1, 0, 2]. */
const SPARSE =
  "CiPXzi4AAAAKGAoGdmFsdWVzEg4SDAoEAAAgQBIBAhoBBBISCgZ2YWx1ZXMSCBIGCgQAAIA/AAAKI9fOJQAAAAoPCgZ2YWx1ZXMSBRIDGgEEEhIKBnZhbHVlcxIIEgYKBAAAAAAAAAAKI9fOMwAAAAodCgZ2YWx1ZXMSExIRCggAAIA/AACWQxICAAMaAQQSEgoGdmFsdWVzEggSBgoEAAAAQAA=";

function content({ features, labels }: Table): readonly unknown[] {
  const { rows, columns, values } = toDense(features);
  return [features.kind, rows, columns, [...values], labels === undefined ? undefined : [...labels]];
}

const decode = (base64: string): Buffer => Buffer.from(base64, "base64");

test("what SageMaker's SDK writes, in pieces of any length", async () => {
  for (const pieceBytes of [1, 3, 8, 60, 1000]) {
    const read = async (base64: string, labelColumns: 0 | 1 = 1) =>
      content(await readRecordIo([tableFileOf("a.pbr", decode(base64), pieceBytes)], { labelColumns }));
    const floats = [1.5, -2, Number.NaN, 0, 4, Math.fround(0.001)];
    assert.deepEqual(await read(FLOATS), ["dense", 2, 3, floats, [1, 0]]);
    assert.deepEqual(await read(DOUBLES), ["dense", 2, 2, [1.5, -2, 0, 4], [1, -3]]);
    assert.deepEqual(await read(INTEGERS, 0), ["dense", 2, 2, [1, -2, 300, 4], undefined]);
    const sparse = [0, 0, 2.5, 0, 0, 0, 0, 0, 1, 0, 0, 300];
    assert.deepEqual(await read(SPARSE), ["sparse", 3, 4, sparse, [1, 0, 2]]);
  }
});

test("several files, and what was written reads the same", async () => {
  const rows = [
    { features: { values: { values: [1, 2.5] } }, label: { values: { values: [7] } } },
    { features: { values: { values: [-3, Number.NaN] } }, label: { values: { values: [8] } } },
  ];
  const files = rows.map((row, index) => tableFileOf(`${index}`, encodeRecord(row), 5));
  assert.deepEqual(content(await readRecordIo(files)), ["dense", 2, 2, [1, 2.5, -3, Number.NaN], [7, 8]]);
  const sparse = encodeRecord({ features: { values: { values: [2.5, 1], keys: [300, 0], width: 301 } } });
  const { features } = parseRecordIo(sparse, { labelColumns: 0 });
  assert.deepEqual(features.kind === "sparse" && [[...features.columnIndexes], [...features.values]], [
    [0, 300],
    [1, 2.5],
  ]);
});

test("what is wrong is said with file and record", () => {
  const dense = (values: number[]) => encodeRecord({ features: { values: { values } } });
  const sparse = (keys: number[], width: number) =>
    encodeRecord({ features: { values: { values: keys, keys, width } } });
  const wrong: readonly (readonly [Uint8Array, RegExp])[] = [
    [Buffer.from("1,2,3\n4,5,6\n"), /^a, record 1: it does not begin with RecordIO's magic number/],
    [decode(FLOATS).subarray(0, 100), /record 2: it is cut off/],
    [Buffer.alloc(0), /empty/],
    [Buffer.concat([dense([1, 2]), dense([1])]), /record 2: there are 1 values, not 2/],
    [Buffer.concat([dense([1, 2]), sparse([1], 2)]), /record 2: a sparse row after dense ones/],
    [Buffer.concat([sparse([1], 2), dense([1, 2])]), /record 2: a dense row after sparse ones/],
    [sparse([2], 2), /there is no column 2; the columns are 0 to 1/],
    [sparse([1, 1], 2), /column 1 is there twice/],
    [encodeRecord({ features: { values: { values: [1], keys: [1, 2] } } }), /2 keys for 1 values/],
    [encodeRecord({ features: { others: { values: [1] } } }), /no features called "values"/],
    [dense([Infinity]), /value 1, Infinity, is no number of 32 bits/],
    [dense([]), /0 values/],
    [Buffer.from("0a23d7ce04000000ffffffff", "hex"), /no record of aialgs\.data: it is cut off/],
    [Buffer.from("0a23d7ce040000000f000000", "hex"), /there is no wire type 7/],
    [Buffer.from("0a23d7ceffffffff", "hex"), /longer than/],
  ];
  for (const [bytes, message] of wrong) {
    assert.throws(
      () => parseRecordIo(bytes, { labelColumns: 0 }, "a"),
      (error) => error instanceof DataError && message.test(error.message),
      String(message),
    );
  }
  assert.throws(() => parseRecordIo(dense([1])), /has no labels, not one/);
});
