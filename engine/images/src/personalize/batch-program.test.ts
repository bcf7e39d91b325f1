import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { BATCH_FOLDERS, type BatchRequest, type RecipeName, writeModelDirectory } from "@rondo/personalize";
import { DAY, trainSmallModel, twoTastes } from "@rondo/personalize/testing";
import { createContainerDirectory } from "../testing/container-process.ts";
import { batchProgram } from "./batch-program.ts";

interface Answer {
  readonly input: unknown;
  readonly output: {
    readonly recommendedItems?: readonly string[];
    readonly scores?: readonly (number | null)[];
    readonly recommendedUsers?: readonly string[];
  } | null;
  readonly error: string | null;
}

const columns = {
  GENRE: Object.fromEntries(
    [...Array(10).keys()].flatMap((n) => [
      [`a${n}`, "drama|old"],
      [`b${n}`, "comedy"],
    ]),
  ),
};
const explorationOff = { itemExplorationConfig: { explorationWeight: "0" } };

/** Runs the program in this process on files of lines; answers by file. */
async function runBatch(
  recipe: RecipeName,
  request: Partial<BatchRequest>,
  objects: Readonly<Record<string, readonly string[]>>,
  signal = new AbortController().signal,
) {
  await using container = await createContainerDirectory({}, {});
  const directory = container.path;
  const events = twoTastes();
  const userColumns = { AGE: Object.fromEntries(events.map(({ user }) => [user, Number(user.slice(1))])) };
  const model = await trainSmallModel({ recipe, events, itemColumns: columns, userColumns });
  await writeModelDirectory(join(directory, BATCH_FOLDERS.model), model);
  const put = async (path: string, lines: readonly string[]): Promise<void> => {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), lines.join("\n"));
  };
  await put("input/data/Interactions/schema.json", [JSON.stringify({ type: "Interactions", fields: [] })]);
  await put(
    "input/data/Interactions/events.jsonl",
    ["b4", "b5"].map((item, index) =>
      JSON.stringify({
        number: 11 + index,
        userId: "newcomer",
        values: { ITEM_ID: item, EVENT_TYPE: "View", TIMESTAMP: 100 * DAY },
      }),
    ),
  );
  await mkdir(join(directory, BATCH_FOLDERS.requests), { recursive: true });
  for (const [path, lines] of Object.entries(objects)) await put(`${BATCH_FOLDERS.requests}/${path}`, lines);
  const lines: string[] = [];
  const clock = { now: () => new Date() };
  await batchProgram.run(
    { kind: "inference", numResults: 4, ...explorationOff, ...request },
    { directory, signal, clock, log: (line) => void lines.push(line), threads: 1 },
  );
  const answers = async (path: string): Promise<Answer[]> =>
    (await readFile(join(directory, BATCH_FOLDERS.answers, path), "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Answer);
  return {
    lines,
    answers: Object.fromEntries(
      signal.aborted
        ? []
        : await Promise.all(Object.keys(objects).map(async (path) => [path, await answers(`${path}.out`)] as const)),
    ),
  };
}

const tastes = (items: readonly string[] = []): string => items.map(([taste]) => taste).join("");

test("every line of every object has its line; what is wrong with one stands in it", async () => {
  const { answers, lines } = await runBatch(
    "aws-user-personalization",
    {},
    {
      "users.json": ['{"userId":"u0"}', '{"userId":"newcomer"}', "nonsense", '{"itemId":"a0"}', '{"userId":"nobody"}'],
      "deeper/one.json": ['{"userId":"u1"}'],
    },
  );
  const [u0, newcomer, nonsense, noUser, nobody] = answers["users.json"] ?? [];
  assert.deepEqual(u0?.input, { userId: "u0" });
  assert.equal(tastes(u0?.output?.recommendedItems), "aaaa");
  assert.equal(u0?.output?.scores?.length, 4);
  assert.equal(u0?.error, null);
  assert.equal(tastes(newcomer?.output?.recommendedItems), "bbbb");
  assert.deepEqual(nonsense, { input: "nonsense", output: null, error: "The line is not JSON." });
  assert.match(noUser?.error ?? "", /needs userId/);
  assert.equal(nobody?.output?.recommendedItems?.length, 4);
  assert.equal(tastes(answers["deeper/one.json"]?.[0]?.output?.recommendedItems), "bbbb");
  assert.ok(lines.some((line) => line.includes("5 lines answered")));
});

test("lists are ranked, items have related ones without scores, filters take the line's values", async () => {
  const ranked = await runBatch(
    "aws-personalized-ranking",
    {},
    {
      lists: ['{"userId":"u1","itemList":["a0","b0"]}', '{"userId":"u1"}'],
    },
  );
  assert.deepEqual(ranked.answers["lists"]?.[0]?.output?.recommendedItems, ["b0", "a0"]);
  assert.match(ranked.answers["lists"]?.[1]?.error ?? "", /itemList/);
  const related = await runBatch("aws-sims", {}, { items: ['{"itemId":"a0"}'] });
  assert.equal(tastes(related.answers["items"]?.[0]?.output?.recommendedItems), "aaaa");
  assert.equal(related.answers["items"]?.[0]?.output?.scores, undefined);
  const filterExpression = "INCLUDE ItemID WHERE Items.GENRE IN ($GENRE)";
  const { answers } = await runBatch(
    "aws-user-personalization",
    { filterExpression },
    {
      users: ['{"userId":"u0","filterValues":{"GENRE":"\\"comedy\\""}}', '{"userId":"u0"}'],
    },
  );
  assert.equal(tastes(answers["users"]?.[0]?.output?.recommendedItems), "bbbb");
  assert.match(answers["users"]?.[1]?.error ?? "", /GENRE/);
});

test("segments are the users whose next item it most probably is", async () => {
  const segment = { kind: "segment", numResults: 10 } as const;
  const { answers } = await runBatch("aws-item-affinity", segment, {
    items: ['{"itemId":"a4"}', '{"itemId":"none"}', '{"itemId":"b4"}'],
  });
  const [even, none, odd] = answers["items"] ?? [];
  const isEven = (user: string): boolean => Number(user.slice(1)) % 2 === 0;
  assert.equal(even?.output?.recommendedUsers?.length, 10);
  assert.ok(even.output.recommendedUsers.every(isEven), even.output.recommendedUsers.join());
  assert.deepEqual(even.input, { itemId: "a4" });
  assert.match(none?.error ?? "", /does not know the item none/);
  assert.ok(odd?.output?.recommendedUsers?.every((user) => !isEven(user)));

  const filterExpression = "EXCLUDE UserID WHERE Users.AGE < 10";
  const attributes = await runBatch(
    "aws-item-attribute-affinity",
    { ...segment, filterExpression },
    {
      queries: ['{"itemAttributes":"ITEMS.genre = \\"comedy\\""}', '{"itemAttributes":"ITEMS.genre = \\"none\\""}'],
    },
  );
  const [comedy, nothing] = attributes.answers["queries"] ?? [];
  assert.deepEqual(
    new Set(comedy?.output?.recommendedUsers?.slice(0, 5)),
    new Set(["u11", "u13", "u15", "u17", "u19"]),
  );
  assert.match(nothing?.error ?? "", /No item has the attributes/);
});

test("a job that is stopped ends, one without objects says so", async () => {
  const { lines } = await runBatch(
    "aws-user-personalization",
    {},
    { users: ['{"userId":"u0"}'] },
    AbortSignal.abort(new Error("stopped")),
  );
  assert.equal(lines.at(-1), "Stopped before every line was answered.");
  await assert.rejects(runBatch("aws-user-personalization", {}, {}), /There is no object to answer/);
});
