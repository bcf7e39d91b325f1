import type { DatasetType } from "../schema/dataset-schema.ts";
import type { TrainingConfig } from "./training-request.ts";

/** Whether a training may look at a column; filters and metadata in answers see all of them. */
export type TrainedColumns = (dataset: DatasetType, column: string) => boolean;

/** `trainingDataConfig`: names of datasets and columns count in whatever case. */
export function trainedColumns({ trainingDataConfig = {} }: TrainingConfig): TrainedColumns {
  const { excludedDatasetColumns, includedDatasetColumns } = trainingDataConfig;
  const excluded = upperCase(excludedDatasetColumns ?? {});
  const included = upperCase(includedDatasetColumns ?? {});
  return (dataset, column) => {
    const [name, member] = [dataset.toUpperCase(), column.toUpperCase()];
    return excluded.get(name)?.has(member) !== true && included.get(name)?.has(member) !== false;
  };
}

function upperCase(columns: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    Object.entries(columns).map(([dataset, names]) => [
      dataset.toUpperCase(),
      new Set(names.map((name) => name.toUpperCase())),
    ]),
  );
}
