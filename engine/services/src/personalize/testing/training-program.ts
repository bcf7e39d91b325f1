import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createDatasetRecords } from "@rondo/store";
import type { JobHouse } from "../../sagemaker/testing/job-house.ts";
import type { TrainingType } from "../model-files.ts";
import { createPersonalizeStorage } from "../storage.ts";
import { createTrainingKind } from "../training-kind.ts";

/** What a test's training does: its program is a shell's. */
const PROGRAMS = {
  train: `cat request.json; if [ -f input/data/model/weights ]; then echo; echo "previous: $(cat input/data/model/weights)"; fi
    mkdir -p model output/data; echo weights > model/weights
    echo '{"metrics":{"coverage":0.25},"tunedHyperparameters":{"bptt":"7"},"extras":{"novelty":3}}' > output/data/metrics.json`,
  fail: `mkdir -p output; echo 'ClientError: There are 12 interactions; at least 1000 are needed.' > output/failure; exit 1`,
  wait: `trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done`,
} as const;

/** A kind of training whose program leaves a model of one file, fails, or waits to be stopped. */
export function createTestTrainingKind(
  house: JobHouse,
  mode: keyof typeof PROGRAMS,
  type: TrainingType = "solution-version",
) {
  return createTrainingKind(
    {
      ...house.kindDependencies,
      storage: createPersonalizeStorage(house),
      records: createDatasetRecords(house),
      program: {
        command: ["/bin/sh", "-c", `cd "$SAGEMAKER_BASE_DIR"; echo run >> "$RUNS"; ${PROGRAMS[mode]}`],
        async configure(directory, request) {
          await mkdir(directory, { recursive: true });
          await writeFile(join(directory, "request.json"), JSON.stringify(request));
        },
      },
    },
    type,
  );
}
