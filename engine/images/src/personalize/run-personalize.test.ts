import assert from "node:assert/strict";
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import type { DatasetSchema } from "@rondo/personalize";
import { createContainerDirectory, startContainer } from "../testing/container-process.ts";
import { writePersonalizeConfiguration } from "./configuration-file.ts";
import type { ErasureResult } from "./erase-program.ts";
import type { PersonalizeConfiguration, PersonalizeProgramName } from "./programs.ts";
import { personalizeCommand } from "./run-personalize.ts";

const text = { type: "string", isNullable: false, isCategorical: false, isTextual: false } as const;
const users: DatasetSchema = {
  type: "Users",
  fields: [
    { ...text, name: "USER_ID" },
    { ...text, name: "AGE", type: "int" },
  ],
};

/** A directory for a program, with files below `input/data`. */
async function openProgram<Name extends PersonalizeProgramName>(
  name: Name,
  configuration: PersonalizeConfiguration<Name>,
  files: Readonly<Record<string, string | Uint8Array>>,
) {
  const container = await createContainerDirectory({}, {});
  const directory = container.path;
  await writePersonalizeConfiguration(directory, name, configuration);
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, "input", "data", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return {
    directory,
    read: (path: string) => readFile(join(directory, path), "utf8"),
    start: () => startContainer(personalizeCommand(name), directory),
    [Symbol.asyncDispose]: () => container[Symbol.asyncDispose](),
  };
}

describe("the programs of Personalize's jobs", () => {
  test("import, export and erase under the container contract", async () => {
    await using imported = await openProgram(
      "import",
      { schema: users },
      { "csv/a.csv": "USER_ID,AGE\nu1,1\nu2,x\nu3,3\n" },
    );
    await using program = imported.start();
    assert.equal(await program.ended, 0);
    assert.match(
      program.lines.join("\n"),
      /Imported 2 rows\.\n1 of 3 rows were refused\. AGE is not a whole number of type int/,
    );
    assert.equal((JSON.parse(await imported.read("model/report.json")) as { refused: number }).refused, 1);

    const segment = await readFile(join(imported.directory, "model/segment.parquet"));
    const staged = { "Users/schema.json": JSON.stringify(users), "Users/000000.parquet": segment };
    await using exported = await openProgram("export", { type: "Users", mode: "ALL", fileName: "users.csv" }, staged);
    await using exporting = exported.start();
    assert.equal(await exporting.ended, 0);
    assert.equal(await exported.read("output/data/users.csv"), "USER_ID,AGE\nu1,1\nu3,3\n");

    await using erased = await openProgram("erase", {}, { ...staged, "csv/ids.csv": "USER_ID\nu1\n" });
    await using erasing = erased.start();
    assert.equal(await erasing.ended, 0);
    const result = JSON.parse(await erased.read("model/erasure.json")) as ErasureResult;
    assert.deepEqual(result, {
      segments: [{ type: "Users", index: 0, erased: 1, rows: 1 }],
      events: 0,
      userIds: ["u1"],
    });
    await access(join(erased.directory, "model/Users/000000.parquet"));
  });

  test("say in output/failure what the user can put right", async () => {
    await using imported = await openProgram("import", { schema: users }, { "csv/a.csv": "USER_ID\nu1\n" });
    await using program = imported.start();
    assert.equal(await program.ended, 1);
    assert.match(
      await imported.read("output/failure"),
      /^ClientError: The header of a\.csv is USER_ID; by the Users schema it must be/,
    );
  });

  test("are refused when they are unknown or were started for another one", async () => {
    await using imported = await openProgram("import", { schema: users }, { "csv/a.csv": "" });
    const [node = "", container = ""] = personalizeCommand("import");
    await using unknown = startContainer([node, container, "personalize", "constructor"], imported.directory);
    assert.equal(await unknown.ended, 2);
    assert.match(unknown.lines.join("\n"), /Usage: container\.ts personalize import\|export\|erase/);
    await using other = startContainer(personalizeCommand("erase"), imported.directory);
    assert.equal(await other.ended, 1);
    assert.match(await imported.read("output/failure"), /^InternalServerError: .* is for import, not for erase/);
  });

  test("end when they are terminated", async () => {
    const rows = Array.from({ length: 3_000_000 }, (_, row) => `u${row},${row}`).join("\n");
    await using imported = await openProgram("import", { schema: users }, { "csv/a.csv": `USER_ID,AGE\n${rows}\n` });
    await using program = imported.start();
    await program.waitForLine(/^Importing 1 files/);
    program.terminate();
    assert.equal(await program.ended, 1);
    await assert.rejects(access(join(imported.directory, "model/report.json")));
  });
});
