import type { Table } from "@rondo/learn";
import { ClientError } from "../client-error.ts";
import type { TrainingContext } from "../image.ts";
import { readTableChannel } from "./read-table-channel.ts";

export interface TrainAndTest {
  readonly train: Table;
  readonly test: Table | undefined;
}

export interface TrainAndTestOptions {
  /** Of the features, as the hyperparameter feature_dim says. */
  readonly columns: number;
  /** Label columns of a CSV file whose content type says nothing; with 0 there may be one, which a column more than `columns` tells, since AWS's default is a label. */
  readonly labels: { readonly train: 0 | 1; readonly test: 0 | 1 };
}

/**
 * The channels train, which is required, and test, in RecordIO-protobuf, as a channel without a content type is read, or CSV. Throws ClientError for what is missing or wrong.
 */
export async function readTrainAndTest(
  { directory, signal }: Pick<TrainingContext, "directory" | "signal">,
  { columns, labels }: TrainAndTestOptions,
): Promise<TrainAndTest> {
  const read = (channel: "train" | "test"): Promise<Table | undefined> =>
    readTableChannel(directory, channel, {
      columns,
      labelColumns: labels[channel],
      labelMayBeFirst: true,
      signal,
      formats: ["recordio-protobuf", "csv"],
    });
  const train = await read("train");
  if (train === undefined) throw new ClientError("The channel train is required.");
  return { train, test: await read("test") };
}

/** The channels and content types that `readTrainAndTest` reads, as an image lists them. */
export const trainAndTestChannels = (["train", "test"] as const).map((name) => ({
  name,
  required: name === "train",
  contentTypes: ["text/csv", "application/x-recordio-protobuf"],
}));
