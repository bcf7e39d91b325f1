import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInteractions, type Interactions } from "@rondo/learn";

/** What is learned from, and of each user the items that came after. */
export interface RecommendationSet {
  readonly train: Interactions;
  readonly wanted: readonly (readonly number[])[];
}

/** The sets of docs/algorithms/recommenders.md, with the splits that it describes; undefined where the data are missing. */
export const recommendationSets = {
  beauty: (data: string) => load(join(data, "s3rec/data/Beauty.txt"), loadBeauty),
  citeulike: (data: string) => load(join(data, "citeulike-a-cmn"), loadCiteulike),
  retail: (data: string) => load(join(data, "online-retail/by-day"), loadRetail),
} as const;

async function load(
  path: string,
  read: (path: string) => Promise<RecommendationSet>,
): Promise<RecommendationSet | undefined> {
  return existsSync(path) ? await read(path) : undefined;
}

interface Event {
  readonly user: number;
  readonly item: number;
  readonly time?: number;
}

function interactionsOf(users: number, items: number, events: readonly Event[]): Interactions {
  const times = events.some(({ time }) => time !== undefined)
    ? { times: Float64Array.from(events, ({ time = 0 }) => time) }
    : {};
  return createInteractions({
    users,
    items,
    events: {
      users: Uint32Array.from(events, ({ user }) => user),
      items: Uint32Array.from(events, ({ item }) => item),
      ...times,
    },
  });
}

/** One user a line, then the items in the order of time, from 1: the last one of each is to be found. */
async function loadBeauty(path: string): Promise<RecommendationSet> {
  const lines = (await readFile(path, "utf8")).trim().split("\n");
  const histories = lines.map((line) =>
    line
      .split(" ")
      .slice(1)
      .map((item) => Number(item) - 1),
  );
  const items = histories.flat().reduce((largest, item) => Math.max(largest, item), 0) + 1;
  const events = histories.flatMap((history, user) => history.slice(0, -1).map((item) => ({ user, item })));
  return {
    train: interactionsOf(histories.length, items, events),
    wanted: histories.map((history) => history.slice(-1)),
  };
}

const CITEULIKE_ITEMS = 16_980;

/** Given splits: user and item a line; of test lines the third column on are sampled negatives, which full ranking ignores. */
async function loadCiteulike(folder: string): Promise<RecommendationSet> {
  const read = async (name: string): Promise<Event[]> => {
    const lines = (await readFile(join(folder, name), "utf8")).trim().split("\n");
    return lines.map((line) => {
      const [user = 0, item = 0] = line.split(/\s+/, 2).map(Number);
      return { user, item };
    });
  };
  const [train, test] = [await read("train.tsv"), await read("test.tsv")];
  const users = test.reduce((largest, { user }) => Math.max(largest, user), 0) + 1;
  const wanted = Array.from({ length: users }, (): number[] => []);
  for (const { user, item } of test) wanted[user]?.push(item);
  return { train: interactionsOf(users, CITEULIKE_ITEMS, train), wanted };
}

const RETAIL_SPLIT = Date.UTC(2011, 10, 1) / 1000;

/** Orders with a customer, a positive quantity and an article number; what is bought from November 2011 on is to be found. */
async function loadRetail(folder: string): Promise<RecommendationSet> {
  const orders: { readonly customer: number; readonly article: string; readonly time: number }[] = [];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith(".csv")).toSorted()) {
    const [, ...lines] = (await readFile(join(folder, name), "utf8")).trimEnd().split(/\r?\n/);
    for (const line of lines) {
      const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        (match) => match[1] ?? match[2] ?? "",
      );
      const [, article = "", , quantity, date = "", , customer] = cells;
      if (!customer || !(Number(quantity) > 0) || !/^\d{5}[A-Za-z]*$/.test(article)) continue;
      const time = Date.parse(`${date.replace(" ", "T")}Z`) / 1000;
      orders.push({ customer: Math.trunc(Number(customer)), article: article.toUpperCase(), time });
    }
  }
  const before = orders.filter(({ time }) => time < RETAIL_SPLIT);
  const customers = indexOf(before.map(({ customer }) => customer));
  const articles = indexOf(before.map(({ article }) => article));
  const events = before.map(({ customer, article, time }) => ({
    user: customers.get(customer) ?? 0,
    item: articles.get(article) ?? 0,
    time,
  }));
  const wanted = Array.from({ length: customers.size }, () => new Set<number>());
  for (const { customer, article, time } of orders) {
    const [user, item] = [customers.get(customer), articles.get(article)];
    if (time >= RETAIL_SPLIT && user !== undefined && item !== undefined) wanted[user]?.add(item);
  }
  const train = interactionsOf(customers.size, articles.size, events);
  return { train, wanted: wanted.map((items) => [...items]) };
}

/** Distinct values in ascending order, numbered. */
function indexOf<Value extends string | number>(values: readonly Value[]): Map<Value, number> {
  const sorted = [...new Set(values)].toSorted((a, b) => (a < b ? -1 : 1));
  return new Map(sorted.map((value, index) => [value, index]));
}
