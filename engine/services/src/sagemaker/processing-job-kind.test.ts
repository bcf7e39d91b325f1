import { testReconcile } from "@rondo/control/testing";
import type { Resource } from "@rondo/store";
import { newProcessingJob } from "./processing-job.ts";
import type { ProcessingJob } from "./processing-job-body.ts";
import { processingJobCrashPoints } from "./processing-job-kind.ts";
import { caller } from "./testing/job-house.ts";
import { openProcessingHouse, output, processingRequest } from "./testing/processing-house.ts";

const SCRIPT = `
cat /opt/ml/processing/input/1.csv /opt/ml/processing/input/deep/2.csv > /opt/ml/processing/output/all
mkdir -p /opt/ml/processing/live/deep; echo live > /opt/ml/processing/live/deep/file
printf 'that is all' > /opt/ml/output/message; echo done`;

testReconcile({
  name: "a processing job",
  async createWorld({ sql, clock }) {
    const house = await openProcessingHouse(sql, clock);
    const end = output("out", "s3://data/job/out", "/opt/ml/processing/output");
    const live = output("live", "s3://data/job/live/", "/opt/ml/processing/live");
    const Outputs = [end, { ...live, S3Output: { ...live.S3Output, S3UploadMode: "Continuous" as const } }];
    const request = processingRequest("job", SCRIPT, { ProcessingOutputConfig: { Outputs } });
    return {
      kind: house.createKind(),
      resource: newProcessingJob(request, caller, { ...house, createId: () => "id" }),
      observe: async () => ({
        runs: await house.countRuns(),
        leftovers: await house.leftovers(),
        log: await house.readLog(),
        all: (await house.readObject("job/out/all")).toString(),
        live: (await house.readObject("job/live/deep/file")).toString(),
      }),
      close: () => house[Symbol.asyncDispose](),
    };
  },
  crashPoints: processingJobCrashPoints,
  outcome: (resource) => {
    const { status, body } = resource as Resource<object> as ProcessingJob;
    return { status, message: body.ExitMessage, reason: body.FailureReason };
  },
});
