import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { findDatasetFiles } from "../records/dataset-directory.ts";
import type { EventLine } from "../records/event-relation.ts";
import { DATASET_TYPES } from "../schema/dataset-schema.ts";
import { LiveDatasetGroup } from "./live-dataset-group.ts";

const LINES_OF_SLICE = 10_000;

/** What was put into the dataset group that lies in a job's directory, as serving has it in memory; its segments are not read. */
export async function readLiveRecords(directory: string, signal: AbortSignal): Promise<LiveDatasetGroup> {
  const group = new LiveDatasetGroup();
  let lines = 0;
  for (const dataset of DATASET_TYPES) {
    const files = await findDatasetFiles(directory, dataset);
    if (files?.events === undefined) continue;
    // Written by the server itself, line by line.
    for await (const line of createInterface({ input: createReadStream(files.events) })) {
      const { number, userId, values } = JSON.parse(line) as EventLine;
      group.take({ number, dataset, userId, content: values });
      lines += 1;
      if (lines % LINES_OF_SLICE === 0) signal.throwIfAborted();
    }
  }
  group.publishItems();
  return group;
}
