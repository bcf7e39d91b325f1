import assert from "node:assert/strict";
import { test } from "node:test";
import { createOutput } from "./output.ts";
import { type Column, formatTable } from "./table.ts";

interface Job {
  readonly name: string;
  readonly seconds?: number;
  readonly created?: Date;
}

const COLUMNS: readonly Column<Job>[] = [
  { title: "NAME", value: ({ name }) => name },
  { title: "CREATED", value: ({ created }) => created },
  { title: "SECONDS", align: "right", value: ({ seconds }) => seconds },
];

const JOBS: readonly Job[] = [
  { name: "reviews-1", seconds: 12, created: new Date("2026-11-21T14:03:27.512Z") },
  { name: "a\tlong\nname" },
];

function render(isTTY: boolean, environment: NodeJS.ProcessEnv = {}): string {
  const output = createOutput({ isTTY, write: () => undefined }, { json: false, environment });
  return formatTable(JOBS, COLUMNS, output);
}

test("a terminal gets aligned columns under bold titles", () => {
  assert.equal(
    render(true),
    "\u001b[1mNAME         CREATED              SECONDS\u001b[0m\n" +
      "reviews-1    2026-11-21 14:03:27       12\n" +
      "a long name\n",
  );
});

test("NO_COLOR takes the colours away and nothing else", () => {
  assert.match(render(true, { NO_COLOR: "1" }), /^NAME {9}CREATED/);
});

test("a pipe gets tabs, one line a row", () => {
  assert.equal(render(false), "NAME\tCREATED\tSECONDS\nreviews-1\t2026-11-21 14:03:27\t12\na long name\t\t\n");
});
