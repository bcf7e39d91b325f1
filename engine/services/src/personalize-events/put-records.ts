import type { Campaigns } from "@rondo/serve";
import type { DatasetRecords } from "@rondo/store";
import type { TargetDatasets } from "./target-datasets.ts";

/** What the operations of Personalize Events put records with. */
export interface PutRecords {
  readonly records: DatasetRecords;
  readonly targets: TargetDatasets;
  readonly clock: { now(): Date };
  /** The items that an answer showed. */
  readonly shown: Pick<Campaigns["shown"], "find">;
}
