import type { DatasetSchema, DatasetType } from "../schema/dataset-schema.ts";
import type { Records } from "./records.ts";

/** What a dataset group holds, as a training sees it: imported rows and events, newer records of an item or user in the place of older ones. */
export interface DatasetGroupData {
  readonly datasets: Readonly<Partial<Record<DatasetType, Dataset>>>;
  /** The number of the newest event from PutEvents, PutItems or PutUsers that is among them; 0 = none. */
  readonly eventsUpTo: number;
}

export interface Dataset {
  readonly schema: DatasetSchema;
  readonly records: Records;
}
