import type {
  Pipeline,
  PipelineExecution,
  PipelineExecutionStatus,
  PipelineStatus,
  ResourceType,
  SearchRecord,
  Tag,
} from "@aws-sdk/client-sagemaker";
import { ENDPOINT_TYPE } from "@rondo/serve";
import type { Resource } from "@rondo/store";
import type { EndpointBody } from "./endpoint-body.ts";
import { describe } from "./endpoint-description.ts";
import type { ModelBody } from "./model-containers.ts";
import { describePackage, type ModelPackageBody, userOf } from "./model-package-body.ts";
import { describeGroup, type ModelPackageGroupBody } from "./model-package-group.ts";
import { PIPELINE_EXECUTION, type PipelineExecutionBody } from "./pipeline/execution-body.ts";
import { PIPELINE, type PipelineBody } from "./pipeline/pipeline-body.ts";
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
  Endpoint: searchable<EndpointBody>(ENDPOINT_TYPE, (row, Tags) => {
    const { EndpointConfigName, ...endpoint } = describe(row);
    return { Endpoint: { ...endpoint, EndpointConfigName, Tags } };
  }),
  Pipeline: searchable<PipelineBody>(PIPELINE, (row, Tags) => ({ Pipeline: pipelineRecord(row, Tags) })),
  PipelineExecution: searchable<PipelineExecutionBody>(PIPELINE_EXECUTION, (row) => ({
    PipelineExecution: executionRecord(row),
  })),
};

function pipelineRecord({ name, arn, status, createdAt, body }: Resource<PipelineBody>, Tags: Tag[]): Pipeline {
  const { PipelineDisplayName, PipelineDescription, RoleArn, ParallelismConfiguration } = body;
  return {
    PipelineArn: arn,
    PipelineName: name,
    PipelineDisplayName,
    PipelineDescription,
    RoleArn,
    ParallelismConfiguration,
    PipelineStatus: status as PipelineStatus,
    CreationTime: createdAt,
    LastModifiedTime: new Date(body.LastModifiedTime),
    CreatedBy: userOf({ arn: body.createdBy }),
    LastModifiedBy: userOf({ arn: body.lastModifiedBy }),
    Tags,
  };
}

function executionRecord({ arn, status, createdAt, body }: Resource<PipelineExecutionBody>): PipelineExecution {
  return {
    PipelineArn: body.pipelineArn,
    PipelineExecutionArn: arn,
    PipelineExecutionDisplayName: body.displayName,
    PipelineExecutionStatus: status as PipelineExecutionStatus,
    PipelineExecutionDescription: body.description,
    FailureReason: body.failureReason,
    CreationTime: createdAt,
    LastModifiedTime: new Date(body.lastModifiedTime),
    CreatedBy: userOf(body.startedBy),
    LastModifiedBy: userOf({ arn: body.lastModifiedBy }),
    ParallelismConfiguration: body.parallelism,
    SelectiveExecutionConfig: body.selective,
    PipelineParameters: body.parameters.map(({ name, value }) => ({ Name: name, Value: String(value) })),
    PipelineVersionId: body.version,
  };
}

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
