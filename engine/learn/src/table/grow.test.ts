import assert from "node:assert/strict";
import { test } from "node:test";
import { readCsv } from "./csv/read-csv.ts";
import { readJsonLines } from "./json/read-json-lines.ts";
import { readLibsvm } from "./libsvm/read-libsvm.ts";
import type { TableFile } from "./table-file.ts";

test("a file that is longer than there is memory for is read as far as its rows fit", async () => {
  const file = (text: string): readonly TableFile[] => [
    { name: "train", chunks: [Buffer.from(text)], byteLength: 2 ** 52 },
  ];
  assert.deepEqual([...(await readCsv(file("1,2\n3,4\n"))).features.values], [2, 4]);
  assert.deepEqual([...(await readLibsvm(file("1 1:2\n3 1:4 0:5\n"))).features.values], [2, 5, 4]);
  const lines = await readJsonLines(file('{"label":1,"features":[2]}\n{"label":1,"features":[3]}\n'));
  assert.deepEqual([...lines.features.values], [2, 3]);
});
