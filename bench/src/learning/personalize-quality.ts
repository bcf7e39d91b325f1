import { recommendAll } from "@rondo/learn";
import { openScorer, trainModel, type WeighedChoice } from "@rondo/personalize";
import type { LearningBench, LearningBenchContext, Measurement } from "./learning-bench.ts";
import { type Contest, describePeer, personalizeContests, timedEvents } from "./personalize-contests.ts";
import { groupOf } from "./personalize-group.ts";
import { judgeLists } from "./recommenders-judgement.ts";
import { askPeer, recommenderPeers, writePairs } from "./recommenders-peer.ts";
import { type RecommendationSet, recommendationSets } from "./recommenders-sets.ts";

const CUTOFF = 10;
const RECIPE = "aws-user-personalization-v2";

/** The recipe's own choice of algorithms and weights, without a hint of the data set, beside the best peer of each. */
export const personalizeQuality: LearningBench = {
  name: "personalize",
  kind: "quality",
  peers: recommenderPeers,
  async *run(context) {
    for (const contest of personalizeContests) {
      const set = await recommendationSets[contest.set](context.data);
      if (set === undefined) context.log(`${contest.set} is left out: its data are missing.`);
      else yield* measure(context, contest, set);
    }
  },
};

async function* measure(
  context: LearningBenchContext,
  { set: name, modes, time }: Contest,
  set: RecommendationSet,
): AsyncGenerator<Measurement> {
  const request = { recipe: RECIPE, trainingMode: "FULL", performHPO: false, solutionConfig: {} } as const;
  const { threads } = context;
  const clock = { now: () => new Date() };
  // Users and items keep their numbers, since ids are numbered by their place in the dictionary.
  const { model } = await trainModel(groupOf(timedEvents(set.train, time)), request, { threads, clock });
  const { scorer, newItemsScorer, components } = await openScorer(model);
  await using pairs = await writePairs(set.train);
  for (const { mode, peer, ndcg } of modes) {
    const isNew = mode === "new";
    const options = { count: CUTOFF, exclude: isNew ? "history" : "none" } as const;
    const ranked = await recommendAll(isNew ? newItemsScorer : scorer, model.learned, options, context);
    const lists = Array.from(ranked.counts, (length, user) =>
      Array.from(ranked.items.subarray(user * ranked.count, user * ranked.count + length)),
    );
    const data = `${name}, ${mode}`;
    const setting = describe(components, isNew);
    yield { data, program: "rondo", setting, figures: judgeLists(set, mode, lists, { ndcg }) };
    const { version, items } = await askPeer(context, pairs.path, peer, mode);
    yield { data, program: version, setting: describePeer(peer), figures: judgeLists(set, mode, items) };
  }
}

function describe(components: readonly WeighedChoice[], isNew: boolean): string {
  return components
    .map(({ algorithm, weight, newItemsWeight }) => ({ algorithm, share: isNew ? newItemsWeight : weight }))
    .filter(({ share }) => share > 0)
    .toSorted((a, b) => b.share - a.share)
    .map(({ algorithm, share }) => `${share.toFixed(2)} ${algorithm}`)
    .join(" + ");
}
