import assert from "node:assert/strict";
import { test } from "node:test";
import { DataError } from "../../algorithm.ts";
import { tableFileOf } from "../../testing/table-file-of.ts";
import type { CsvOptions } from "./csv-rows.ts";
import { parseCsv, parseCsvInSlices, readCsv } from "./read-csv.ts";

const { NaN: missing } = Number;
const read = (text: string, options?: CsvOptions) => readCsv([tableFileOf("train/a.csv", text, 7)], options);

test("label first, no header; the same in pieces of any length", async () => {
  const text = '\uFEFF1,2,3\r\n\n0,"4",\n1,NA,1e-3\r\n5,"6\n",-7.25';
  for (let pieceBytes = 1; pieceBytes < 50; pieceBytes += 1) {
    const { features, labels } = await readCsv([tableFileOf("a", text, pieceBytes)]);
    assert.ok(features.kind === "dense");
    assert.deepEqual([features.rows, features.columns], [4, 2]);
    const values = [2, 3, 4, missing, missing, Math.fround(0.001), 6, -7.25];
    assert.deepEqual([...features.values], values, `pieces of ${pieceBytes} bytes`);
    assert.deepEqual([...(labels ?? [])], [1, 0, 1, 5]);
  }
});

test("several files one after the other, in memory that threads share", async () => {
  const files = ["1,2\n3,4\n", "", "5,6", "\n\n"].map((text, index) => tableFileOf(`${index}.csv`, text, 3));
  const { features, labels } = await readCsv(files);
  assert.ok(features.kind === "dense" && features.values.buffer instanceof SharedArrayBuffer);
  assert.deepEqual([...features.values], [2, 4, 6]);
  assert.deepEqual([...(labels ?? [])], [1, 3, 5]);
});

test("more rows than the first line let expect", () => {
  const rows = Array.from({ length: 5000 }, (_, row) => `${row},${row / 2}`);
  const { features } = parseCsv(
    Buffer.from(`0.00000000000000000000000000000000000001,1.000000000000000\n${rows.join("\n")}`),
  );
  assert.ok(features.kind === "dense");
  assert.deepEqual([...features.values], [1, ...rows.map((_, row) => row / 2)]);
});

test("missing values: empty, NaN, NA, null, in any case and with spaces", async () => {
  const { features } = await read("a,b\n,NaN\nnan,NA\n null ,\n 1,2 ", { labelColumns: 0, header: true });
  assert.ok(features.kind === "dense");
  assert.deepEqual([...features.values], [...Array.from({ length: 6 }, () => missing), 1, 2]);
});

test("no label, a weight, groups, another delimiter, names", async () => {
  const options = { weightColumn: true, groupColumn: true, delimiter: ";", header: true } as const;
  const table = await read('target;weight;query;"first; one";second\n1;0.5;70;1;2\n0;2;70;3;4\n1;1;9;5;6', options);
  assert.deepEqual([...(table.weights ?? [])], [0.5, 2, 1]);
  assert.deepEqual([...(table.groups ?? [])], [0, 0, 1]);
  assert.deepEqual(table.names, ["first; one", "second"]);
  assert.equal((await read("1,2", { labelColumns: 0 })).labels, undefined);
});

test("texts become the numbers of the sorted distinct values, missing values stay", async () => {
  const text = '1,b,"x ""q"", y",7\n0,a,,8\n1,,z,9\n0,b,é,';
  const { features, categories } = await read(text, { categories: "text" });
  assert.ok(features.kind === "dense");
  assert.deepEqual([...features.values], [1, 0, 7, 0, missing, 8, missing, 1, 9, 1, 2, missing]);
  assert.deepEqual(categories, [["a", "b"], ['x "q", y', "z", "é"], undefined]);
});

test("numbers as categories when the column is named", async () => {
  const { features, categories } = await read("1,10,9\n0,9,9\n1,10.0,9", { categories: [0] });
  assert.ok(features.kind === "dense");
  assert.deepEqual([...features.values], [0, 9, 2, 9, 1, 9]);
  assert.deepEqual(categories, [["10", "10.0", "9"], undefined]);
});

test("what is wrong is said with file, line, column and value", async () => {
  const wrong: readonly (readonly [string, CsvOptions, RegExp])[] = [
    ["1,a\n", {}, /^train\/a\.csv, line 1, column 2: "a" is not a number of 32 bits\. A header is not expected/],
    ["1,2\n\n1,x2\n", {}, /line 3, column 2: "x2" is not a number of 32 bits\.$/],
    ['1,"a\nb",3\n1,c,x', { categories: [0] }, /line 3, column 3: "x"/],
    ['1,"2"3\n', {}, /column 2: "\\"2\\"3" is not a number/],
    ["1,2\n1,2,3\n", {}, /line 2: there are 3 columns, not 2/],
    ["1,2,3\n1,2\n", {}, /line 2: there are 2 columns, not 3/],
    ["1,2,3\n1\n", {}, /line 2: there are 1 columns, not 3/],
    ["1\n2\n", {}, /line 1: there are 1 columns; 2 to 1000001 are possible/],
    ["1,2\n,3\n", {}, /line 2: the label is missing/],
    ["1,1e39\n", {}, /"1e39" is not a number of 32 bits/],
    ["1,Infinity\n", {}, /"Infinity" is not a number/],
    ["1,2,3", { columns: 3 }, /there are 2 columns of features, not 3/],
    ["1,-1,3", { weightColumn: true }, /line 1: the weight must be a number of at least 0/],
    ["1,7,3\n1,8,3\n1,7,3", { groupColumn: true }, /line 3: group 7 was there before/],
    ["1,2\n1,b", { categories: "text" }, /line 2, column 2: "b" is not a number/],
    ['1,"2\n3', {}, /ends within quotes/],
    ["\n\n", {}, /empty: train\/a\.csv has no row/],
    ["a,b", { header: true }, /empty/],
    ["1", { delimiter: "ab" }, /delimiter/],
  ];
  for (const [text, options, message] of wrong) {
    await assert.rejects(
      read(text, options),
      (error) => error instanceof DataError && message.test(error.message),
      text,
    );
  }
});

test("a large request pauses, also where a field is longer than a slice, and reads the same", () => {
  const rows = Array.from({ length: 60_000 }, (_, row) => `${row},${row * 2},x`);
  const text = `0,0,"${"long\n".repeat(150_000)}"\n${rows.join("\r\n")}`;
  const options = { labelColumns: 0, categories: [2] } as const;
  const work = parseCsvInSlices(Buffer.from(text), options);
  let pauses = 0;
  while (work.next().done !== true) pauses += 1;
  assert.ok(pauses >= 3, `${pauses} pauses`);
  const { features } = parseCsv(Buffer.from(text), options);
  assert.ok(features.kind === "dense");
  assert.equal(features.rows, 60_001);
  assert.ok(rows.every((_, row) => features.values[row * 3 + 4] === row * 2 && features.values[row * 3 + 5] === 1));
  assert.throws(() => parseCsv(Buffer.from('1,"2\n3')), /^DataError: The request ends within quotes/);
});

test("a compressed file and an endless line are refused", async () => {
  await assert.rejects(readCsv([tableFileOf("a.gz", Uint8Array.of(0x1f, 0x8b, 8, 0), 4)]), /compressed/);
  const endless = { name: "a", chunks: Array.from({ length: 18 }, () => Buffer.alloc(2 ** 20, "1")) };
  await assert.rejects(readCsv([endless]), /a line is longer than/);
});

test("a header in each file, of the same number of columns", async () => {
  const files = (header: string) => [tableFileOf("a", "y,a\n1,2", 2), tableFileOf("b", `${header}\n3,4`, 2)];
  const { features } = await readCsv(files("y,b"), { header: true });
  assert.deepEqual(features.kind === "dense" && [...features.values], [2, 4]);
  await assert.rejects(readCsv(files("y"), { header: true }), /^DataError: b, line 1: the header names 1 columns/);
});
