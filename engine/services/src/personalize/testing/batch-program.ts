import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createDatasetRecords, packArchive } from "@rondo/store";
import { caller, type JobHouse } from "../../sagemaker/testing/job-house.ts";
import type { BatchJobType } from "../batch-job-body.ts";
import { createBatchJobKind } from "../batch-job-kind.ts";
import { createPersonalizeStorage } from "../storage.ts";

/** Answers each object with the model's only file, the request and the object itself. */
const PROGRAM = `cd "$SAGEMAKER_BASE_DIR"; echo run >> "$RUNS"; mkdir -p output/data
for file in input/data/requests/*; do
  cat input/data/model/weights request.json "$file" > "output/data/$(basename "$file").out"
done`;

/** A kind of batch job with a shell's program. */
export function createTestBatchKind(house: JobHouse, type: BatchJobType) {
  const storage = createPersonalizeStorage(house);
  const program = {
    command: ["/bin/sh", "-c", PROGRAM],
    async configure(directory: string, request: object) {
      await writeFile(join(directory, "request.json"), `\n${JSON.stringify(request)}\n`);
    },
  };
  const records = createDatasetRecords(house);
  return createBatchJobKind({ ...house.kindDependencies, storage, records, program }, type);
}

/** Puts a model of one file where a solution version's lies. */
export async function putTestModel(house: JobHouse, key: string): Promise<void> {
  const folder = join(house.directories.jobs, "..", "test-model");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "weights"), "weights");
  await createPersonalizeStorage(house).put(caller, key, packArchive(folder));
}
