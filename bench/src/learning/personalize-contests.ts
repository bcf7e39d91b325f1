import type { Interactions } from "@rondo/learn";
import type { Mode } from "./recommenders-judgement.ts";
import type { PeerModel } from "./recommenders-peer.ts";
import type { recommendationSets } from "./recommenders-sets.ts";

export interface Contest {
  readonly set: keyof typeof recommendationSets;
  /** Which modes are judged, by what best peer, and its NDCG@10. */
  readonly modes: readonly { readonly mode: Mode; readonly peer: PeerModel; readonly ndcg: number }[];
  /** What the set says of time, as TIMESTAMP: nothing, the order of each user's events, or seconds. */
  readonly time: "none" | "order" | "clock";
}

/** What Amazon Personalize's user personalization is judged on, inside the library and through its API. */
export const personalizeContests: readonly Contest[] = [
  {
    set: "beauty",
    time: "order",
    modes: [{ mode: "new", peer: { model: "bm25", settings: { K: 500, K1: 1.2, B: 0.2 } }, ndcg: 0.0427 }],
  },
  {
    set: "citeulike",
    time: "none",
    modes: [{ mode: "new", peer: { model: "rp3beta", settings: { alpha: 0.6, beta: 0.3, K: 500 } }, ndcg: 0.1995 }],
  },
  {
    set: "retail",
    time: "clock",
    modes: [
      { mode: "new", peer: { model: "ease-scipy", settings: { l2: 200 } }, ndcg: 0.1022 },
      { mode: "any", peer: { model: "own-count", settings: {} }, ndcg: 0.3426 },
    ],
  },
];

/** Training data with what the set says of time, in seconds. */
export function timedEvents(train: Interactions, time: Contest["time"]): Interactions {
  if (time === "clock") return train;
  const { starts, times } = train.events;
  const places = new Float64Array(times.length);
  for (let user = 0; user < train.users && time === "order"; user += 1) {
    const first = starts[user] ?? 0;
    for (let event = first; event < (starts[user + 1] ?? 0); event += 1) places[event] = event - first;
  }
  return { ...train, events: { ...train.events, times: places } };
}

/** `bm25 K:500,K1:1.2,B:0.2` */
export function describePeer({ model, settings }: PeerModel): string {
  return `${model} ${JSON.stringify(settings).replaceAll(/["{}]/g, "")}`.trimEnd();
}
