/**
 * What a campaign costs as items and users grow: a model is built from simulated events, written, read and asked, each size in a process of its own.
 *
 *     node bench/src/personalize-scale.ts
 */
import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInteractions, type Interactions, popularity, rp3Beta } from "@rondo/learn";
import {
  bindFilter,
  type LiveRecords,
  openAnsweringModel,
  openFilter,
  openRecommender,
  parseFilter,
  type Records,
  readModelDirectory,
  type TrainedModel,
  writeModelDirectory,
} from "@rondo/personalize";
import { createRandom } from "@rondo/statistics";
import { writeResult } from "./write-result.ts";

interface Size {
  readonly items: number;
  readonly users: number;
  readonly events: number;
}

/** The last is AWS's greatest catalogue with five million users. */
const SIZES: readonly Size[] = [
  { items: 20_000, users: 30_000, events: 500_000 },
  { items: 100_000, users: 1_000_000, events: 10_000_000 },
  { items: 750_000, users: 5_000_000, events: 30_000_000 },
];
/** Of the events that similar items are learned from: what is measured is answering. */
const LEARNED_EVENTS = 1_000_000;
const CATEGORIES = 50;
const ASKED = 400;
const NOTHING_LIVE: LiveRecords = {
  eventsOf: () => [],
  item: () => undefined,
  user: () => undefined,
  changedItems: [],
  itemsVersion: 0,
};

function simulate({ items, users, events }: Size): Interactions {
  const random = createRandom(11);
  const drawn = { users: new Uint32Array(events), items: new Uint32Array(events), times: new Float64Array(events) };
  for (let event = 0; event < events; event += 1) {
    drawn.users[event] = Math.floor(random() * users);
    // Some items are known to far more users than others.
    drawn.items[event] = Math.floor(items * random() ** 2.5);
    drawn.times[event] = 1.7e9 + random() * 3e7;
  }
  return createInteractions({ users, items, events: drawn });
}

function namesOf(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

function recordsOf(column: string, ids: readonly string[], categories: number): Records {
  const codes = Int32Array.from(ids, (_, index) => index);
  const CATEGORY = {
    kind: "text",
    values: namesOf("category", categories),
    codes: Int32Array.from(ids, (_, index) => index % categories),
  } as const;
  return { count: ids.length, columns: { [column]: { kind: "text", values: ids, codes }, CATEGORY } };
}

async function build(size: Size): Promise<TrainedModel> {
  const histories = simulate(size);
  const few = simulate({
    ...size,
    users: Math.min(size.users, 100_000),
    events: Math.min(size.events, LEARNED_EVENTS),
  });
  const context = { seed: 1, threads: 2 };
  const neighbours = await rp3Beta.fit({ neighbours: 100 }, few, context);
  const popular = await popularity.fit({}, few, context);
  const component = (algorithm: string, weight: number) => ({
    algorithm,
    parameters: {},
    weight,
    newItemsWeight: weight,
  });
  const plan = { components: [component("rp3-beta", 1), component("popularity", 0.3)], knownItems: "last" };
  const [items, users] = [namesOf("item", size.items), namesOf("user", size.users)];
  return {
    recipe: "aws-user-personalization",
    hyperparameters: {},
    trainedAt: 1.73e9,
    eventsUpTo: 0,
    eventSelection: {},
    items: { ids: items, records: recordsOf("ITEM_ID", items, CATEGORIES) },
    users: { ids: users, records: { count: users.length, columns: {} } },
    histories,
    learned: histories,
    eventTypeCodes: new Uint8Array(size.events),
    eventTypes: ["Click"],
    eventRecords: { count: size.events, columns: {} },
    files: {
      "blend.json": Buffer.from(JSON.stringify(plan)),
      "component-0": Buffer.concat([...rp3Beta.encode(neighbours)]),
      "component-1": Buffer.concat([...popularity.encode(popular)]),
    },
  };
}

async function sizeOf(directory: string): Promise<number> {
  const files = await readdir(directory, { recursive: true });
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, each) => sum + each, 0);
}

function percentiles(milliseconds: number[]) {
  const sorted = milliseconds.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

function timed(ask: (user: number) => void, users: number): ReturnType<typeof percentiles> {
  const random = createRandom(5);
  for (let warm = 0; warm < 50; warm += 1) ask(Math.floor(random() * users));
  const milliseconds = Array.from({ length: ASKED }, () => {
    const start = performance.now();
    ask(Math.floor(random() * users));
    return performance.now() - start;
  });
  return percentiles(milliseconds);
}

async function write(size: Size, directory: string): Promise<void> {
  await writeModelDirectory(directory, await build(size));
}

async function read({ users }: Size, directory: string) {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const start = performance.now();
  const trained = await readModelDirectory(directory);
  const model = await openAnsweringModel(trained);
  const seconds = (performance.now() - start) / 1000;
  const recommender = openRecommender(model, NOTHING_LIVE, { random: createRandom(3), explorationWeight: 0 });
  const bound = bindFilter(parseFilter('INCLUDE ItemID WHERE Items.CATEGORY IN ("category-1","category-2")'), {});
  const filter = openFilter(bound, recommender.catalogue());
  const plain = timed((user) => recommender.recommend({ userId: `user-${user}`, numResults: 25 }), users);
  const filtered = timed((user) => recommender.recommend({ userId: `user-${user}`, numResults: 25, filter }), users);
  globalThis.gc?.();
  return {
    megabytes: (process.memoryUsage.rss() - before) / 1e6,
    fileMegabytes: (await sizeOf(directory)) / 1e6,
    seconds,
    plain,
    filtered,
  };
}

function alone(step: "write" | "read", size: Size, directory: string): string {
  const options = ["--expose-gc", "--max-old-space-size=16000"];
  const args = [...options, import.meta.filename, step, JSON.stringify(size), directory];
  return execFileSync(process.execPath, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1e6,
  });
}

async function main(): Promise<void> {
  const [step, text = "", directory = ""] = process.argv.slice(2);
  if (step === "write") return await write(JSON.parse(text) as Size, directory);
  if (step === "read") {
    process.stdout.write(JSON.stringify(await read(JSON.parse(text) as Size, directory)));
    return;
  }
  const [load = 0] = loadavg();
  const rows: object[] = [];
  for (const size of SIZES) {
    const folder = await mkdtemp(join(tmpdir(), "rondo-scale-"));
    alone("write", size, folder);
    const figures = JSON.parse(alone("read", size, folder)) as Awaited<ReturnType<typeof read>>;
    await rm(folder, { recursive: true });
    rows.push({ ...size, ...figures });
    console.log(
      `${size.items} items, ${size.users} users, ${size.events} events: ${figures.megabytes.toFixed(0)} MB in memory, ${figures.fileMegabytes.toFixed(0)} MB of files read in ${figures.seconds.toFixed(1)} s;`,
      `an answer ${figures.plain.p50.toFixed(2)} ms (p99 ${figures.plain.p99.toFixed(2)}), with a filter ${figures.filtered.p50.toFixed(2)} ms (p99 ${figures.filtered.p99.toFixed(2)})`,
    );
  }
  await writeResult("personalize-scale", { load, rows });
}

await main();
