import type { ResourceType, SearchRecord, Tag } from "@aws-sdk/client-sagemaker";
import { ENDPOINT_TYPE } from "@rondo/serve";
import type { Resource } from "@rondo/store";
import type { EndpointBody } from "./endpoint-body.ts";
import { describe } from "./endpoint-description.ts";
import type { ModelBody } from "./model-containers.ts";
import { describePackage, type ModelPackageBody } from "./model-package-body.ts";
import { describeGroup, type ModelPackageGroupBody } from "./model-package-group.ts";
import { describeTrainingJob, TRAINING_JOB, type TrainingJobBody } from "./training-job-body.ts";

type Properties = Readonly<Record<string, unknown>>;

/** A kind of resource that Search finds. */
export interface SearchableResource {
  /** In the resource table. */
  readonly type: string;
  /** What is found: the Describe operation's answer with the tags. */
  read(row: Resource<object>, tags: Tag[]): SearchRecord;
}

/** What Search finds, by its `Resource`; of all others there are none here. */
export const searchableResources: Partial<Readonly<Record<ResourceType, SearchableResource>>> = {
  TrainingJob: searchable<TrainingJobBody>(TRAINING_JOB, (row, Tags) => ({
    TrainingJob: { ...describeTrainingJob(row), Tags },
  })),
  Model: searchable<ModelBody>("sagemaker/model", ({ name, arn, createdAt, body }, Tags) => ({
    Model: { Model: { ...body, ModelName: name, ModelArn: arn, CreationTime: createdAt, Tags } },
  })),
  ModelPackage: searchable<ModelPackageBody>("sagemaker/model-package", (row, Tags) => ({
    ModelPackage: { ...describePackage(row), Tags },
  })),
  ModelPackageGroup: searchable<ModelPackageGroupBody>("sagemaker/model-package-group", (row, Tags) => ({
    ModelPackageGroup: { ...describeGroup(row), Tags },
  })),
  Endpoint: searchable<EndpointBody>(ENDPOINT_TYPE, (row, Tags) => ({ Endpoint: { ...describe(row), Tags } })),
};

/**
 * What filters and SortBy see of a resource: its properties, tags by key (`Tags.team`), a training job's metrics by name (`Metrics.loss`), and when it
 * was last changed.
 */
export function searchableProperties(row: Resource<object>, { Model, ...others }: SearchRecord): Properties {
  const found = (Model?.Model ?? Object.values(others)[0] ?? {}) as Properties & { readonly Tags?: readonly Tag[] };
  const metrics = others.TrainingJob?.FinalMetricDataList ?? [];
  return {
    LastModifiedTime: row.updatedAt,
    ...found,
    Tags: Object.fromEntries((found.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
    Metrics: Object.fromEntries(metrics.map(({ MetricName, Value }) => [MetricName, Value])),
  };
}

function searchable<Body extends object>(
  type: string,
  read: (row: Resource<Body>, tags: Tag[]) => SearchRecord,
): SearchableResource {
  return { type, read: (row, tags) => read(row as Resource<Body>, tags) };
}
