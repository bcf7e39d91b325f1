import assert from "node:assert/strict";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { locateRecords } from "./locate-records.ts";

/** Number, line and whether it is blank, of each record until `limit`. */
async function locate(text: string, limit = Number.POSITIVE_INFINITY): Promise<[number, number, boolean][]> {
  await using directory = await mkdtempDisposable(join(tmpdir(), "locate-"));
  const path = join(directory.path, "rows.csv");
  await writeFile(path, text);
  const places: [number, number, boolean][] = [];
  await locateRecords(path, ({ number, line, isBlank }) => places.push([number, line, isBlank]) < limit);
  return places;
}

describe("the places of a CSV file's records", () => {
  test("are its lines, empty ones among them, whichever way they end", async () => {
    const expected = [
      [1, 1, false],
      [2, 2, true],
      [3, 3, false],
    ];
    assert.deepEqual(await locate("a,b\n\n1,2\n"), expected);
    assert.deepEqual(await locate("a,b\r\n\r\n1,2\r\n"), expected);
    assert.deepEqual(await locate("a,b\n\n1,2"), expected);
    assert.deepEqual(await locate(""), []);
  });

  test("span the line breaks in quotes, doubled ones too", async () => {
    assert.deepEqual(await locate('a\n"1\n2",3\n4\n'), [
      [1, 1, false],
      [2, 2, false],
      [3, 4, false],
    ]);
    assert.deepEqual(await locate('a\n"say ""hi""\n",3\n4\n'), [
      [1, 1, false],
      [2, 2, false],
      [3, 4, false],
    ]);
    assert.deepEqual(await locate('a\nx,"1,\n2"\n4\n'), [
      [1, 1, false],
      [2, 2, false],
      [3, 4, false],
    ]);
  });

  test("do not mind a quote within a field", async () => {
    assert.deepEqual(await locate('a\n5" tall,1\n6,2\n'), [
      [1, 1, false],
      [2, 2, false],
      [3, 3, false],
    ]);
  });

  test("end where nobody asks for more", async () => {
    assert.deepEqual(await locate("a\n1\n2\n3\n", 2), [
      [1, 1, false],
      [2, 2, false],
    ]);
  });
});
