import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { testReconcile } from "@rondo/control/testing";
import type { Resource } from "@rondo/store";
import { caller } from "./testing/job-house.ts";
import { openTrainingHouse, type TrainingHouse, trainingRequest } from "./testing/training-house.ts";
import { newTrainingJob } from "./training-job.ts";
import type { TrainingJob } from "./training-job-body.ts";
import { trainingJobCrashPoints } from "./training-job-kind.ts";

testReconcile({
  name: "a training job",
  async createWorld({ sql, clock }) {
    const house = await openTrainingHouse(sql, clock);
    return {
      kind: house.createKind(),
      resource: newTrainingJob(trainingRequest("job", "train"), caller, { ...house, createId: () => "id" }),
      observe: () => observe(house),
      close: () => house[Symbol.asyncDispose](),
    };
  },
  crashPoints: trainingJobCrashPoints,
  outcome: (resource) => {
    const { status, body } = resource as Resource<object> as TrainingJob;
    const transitions = body.SecondaryStatusTransitions.map(({ Status }) => Status);
    const values = body.FinalMetricDataList?.map(({ MetricName, Value }) => [MetricName, Value]);
    return { status, transitions, values, artifacts: body.ModelArtifacts, reason: body.FailureReason };
  },
});

async function observe(house: TrainingHouse): Promise<unknown> {
  const archive = await house.readObject("out/job/output/model.tar.gz");
  return {
    runs: await house.countRuns(),
    leftovers: await house.leftovers(),
    log: await house.readLog(),
    model: createHash("sha256").update(gunzipSync(archive)).digest("hex"),
  };
}
