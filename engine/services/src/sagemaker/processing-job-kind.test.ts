import { testReconcile } from "@rondo/control/testing";
import type { Resource } from "@rondo/store";
import { newProcessingJob } from "./processing-job.ts";
import type { ProcessingJob } from "./processing-job-body.ts";
import { processingJobCrashPoints } from "./processing-job-kind.ts";
import { caller } from "./testing/job-house.ts";
import { openProcessingHouse, output, processingRequest } from "./testing/processing-house.ts";

const SCRIPT = `
cd "$SAGEMAKER_BASE_DIR/processing"; cat input/1.csv input/deep/2.csv > output/all
mkdir -p live/deep; echo live > live/deep/file
printf 'that is all' > ../output/message; echo done`;

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
        log: (await house.readLog()).slice(-1),
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
