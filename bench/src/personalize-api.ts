/**
 * How good the recipes of user personalization are as a client of Amazon Personalize finds them: import from S3, training, campaign and
 * GetRecommendations of every user against a bare server, beside the best peer of each data set in the same run.
 *
 *     node bench/src/personalize-api.ts --data <folder> --only beauty,citeulike,retail-new,retail-any
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { PersonalizeClient } from "@aws-sdk/client-personalize";
import { GetRecommendationsCommand, PersonalizeRuntimeClient } from "@aws-sdk/client-personalize-runtime";
import { S3Client } from "@aws-sdk/client-s3";
import { launchServer } from "@rondo/conformance/launch-server";
import { createInteractions, type Interactions } from "@rondo/learn";
import { describeMeasurement, isMissed } from "./learning/describe-measurement.ts";
import type { Measurement } from "./learning/learning-bench.ts";
import { peerEnvironment } from "./learning/peer-environment.ts";
import { type Contest, describePeer, personalizeContests, timedEvents } from "./learning/personalize-contests.ts";
import { judgeLists, type Mode } from "./learning/recommenders-judgement.ts";
import { askPeer, recommenderPeers, writePairs } from "./learning/recommenders-peer.ts";
import { type RecommendationSet, recommendationSets } from "./learning/recommenders-sets.ts";
import {
  createNewItemsFilter,
  importInteractions,
  type PersonalizeClients,
  trainCampaign,
} from "./personalize-campaign.ts";
import { writeResult } from "./write-result.ts";

const RECIPES = ["aws-user-personalization", "aws-user-personalization-v2"];
const CUTOFF = 10;
const REQUESTS_AT_ONCE = 16;
const EVENT_TYPE = "Click";

const { values: options } = parseArgs({
  options: {
    data: { type: "string" },
    only: { type: "string" },
    /** A quick look at the first users alone; says nothing about quality, and is not written. */
    users: { type: "string" },
  },
});
const data = options.data ?? process.env["RONDO_BENCH_DATA"];
const contests = chosenContests(options.only?.split(","));
if (data === undefined) {
  console.log("Left out: --data <folder> or RONDO_BENCH_DATA names the folder with the unpacked data sets.");
} else {
  await run(data);
}

async function run(folder: string): Promise<void> {
  const log = (line: string): void => console.error(line);
  const threads = Math.min(2, availableParallelism());
  const peerContext = { data: folder, python: await peerEnvironment(recommenderPeers, log), threads, log };
  const measurements: Measurement[] = [];
  const keep = (measurement: Measurement): void => {
    measurements.push(measurement);
    console.log(describeMeasurement(measurement));
  };
  await using server = await launchServer();
  Object.assign(process.env, server.variables);
  const clients = { personalize: new PersonalizeClient({}), s3: new S3Client({ forcePathStyle: true }) };
  for (const contest of contests) {
    const whole = await recommendationSets[contest.set](folder);
    if (whole === undefined) {
      log(`${contest.set} is left out: its data are missing.`);
      continue;
    }
    const set = options.users === undefined ? whole : firstUsers(whole, Number(options.users));
    for await (const measurement of measure(clients, contest, set)) keep(measurement);
    await using pairs = await writePairs(set.train);
    for (const { mode, peer } of contest.modes) {
      const { version, items } = await askPeer(peerContext, pairs.path, peer, mode);
      const figures = judgeLists(set, mode, items);
      keep({ data: `${contest.set}, ${mode}`, program: version, setting: describePeer(peer), figures });
    }
  }
  if (measurements.some(isMissed)) process.exitCode = 1;
  const command = `npm run bench -- personalize-api --data <folder>${options.only === undefined ? "" : ` --only ${options.only}`}`;
  if (options.users === undefined) await writeResult("personalize-api", { threads, measurements }, command);
}

/** `retail-new` is one mode of a set, `retail` all of them. */
function chosenContests(only: readonly string[] | undefined): readonly Contest[] {
  if (only === undefined) return personalizeContests;
  const names = personalizeContests.flatMap(({ set, modes }) => [set, ...modes.map(({ mode }) => `${set}-${mode}`)]);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no data set ${unknown.join(", ")}. There are: ${names.join(", ")}.`);
  return personalizeContests
    .map(({ set, time, modes }) => {
      const isWanted = (mode: Mode): boolean => only.includes(set) || only.includes(`${set}-${mode}`);
      return { set, time, modes: modes.filter(({ mode }) => isWanted(mode)) };
    })
    .filter(({ modes }) => modes.length > 0);
}

/** One import for all recipes, one campaign for all modes. */
async function* measure(
  clients: PersonalizeClients,
  { set: name, modes, time }: Contest,
  set: RecommendationSet,
): AsyncGenerator<Measurement> {
  const train = timedEvents(set.train, time);
  const group = await importInteractions(clients, `bench-${name}`, interactionsCsv(train));
  const rowsPerSecond = train.events.items.length / group.importSeconds;
  const setting = `${train.events.items.length} rows in ${group.importSeconds.toFixed(1)} s with the job's start`;
  yield { data: name, program: "rondo import", setting, figures: { "rows/s": { value: rowsPerSecond } } };
  const newItemsFilter = await createNewItemsFilter(clients, group);
  for (const recipe of RECIPES) {
    const { campaignArn, trainingSeconds } = await trainCampaign(clients, group, recipe, {
      itemExplorationConfig: { explorationWeight: "0" },
    });
    for (const { mode, ndcg } of modes) {
      const filter = mode === "new" ? { filterArn: newItemsFilter } : {};
      const start = performance.now();
      const lists = await recommendToAll({ campaignArn, ...filter }, train.users);
      const perSecond = (train.users / (performance.now() - start)) * 1000;
      const figures = {
        ...judgeLists(set, mode, lists, options.users === undefined ? { ndcg } : undefined),
        "training, s": { value: trainingSeconds },
        "answers/s": { value: perSecond },
      };
      yield { data: `${name}, ${mode}`, program: "rondo", setting: recipe, figures };
    }
  }
}

async function recommendToAll(
  request: { readonly campaignArn: string; readonly filterArn?: string },
  users: number,
): Promise<number[][]> {
  const runtime = new PersonalizeRuntimeClient({});
  const lists: number[][] = Array.from({ length: users }, () => []);
  let next = 0;
  const ask = async (): Promise<void> => {
    for (let user = next++; user < users; user = next++) {
      const command = new GetRecommendationsCommand({ ...request, userId: String(user), numResults: CUTOFF });
      const { itemList = [] } = await runtime.send(command);
      lists[user] = itemList.map(({ itemId }) => Number(itemId));
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, ask));
  runtime.destroy();
  return lists;
}

/** Ids are the numbers. */
function interactionsCsv({ users, events }: Interactions): string {
  const rows = ["USER_ID,ITEM_ID,EVENT_TYPE,TIMESTAMP"];
  for (let user = 0; user < users; user += 1) {
    for (let event = events.starts[user] ?? 0; event < (events.starts[user + 1] ?? 0); event += 1) {
      rows.push(`${user},${events.items[event]},${EVENT_TYPE},${events.times[event]}`);
    }
  }
  return rows.join("\n");
}

function firstUsers({ train, wanted }: RecommendationSet, users: number): RecommendationSet {
  const { starts, items, times } = train.events;
  const end = starts[users] ?? items.length;
  const events = { users: new Uint32Array(end), items: items.subarray(0, end), times: times.subarray(0, end) };
  for (let user = 0; user < users; user += 1) events.users.fill(user, starts[user], starts[user + 1]);
  return { train: createInteractions({ users, items: train.items, events }), wanted: wanted.slice(0, users) };
}
