import {
  type ProcessingJobStatus,
  type ProcessingJobSummary,
  paginateListProcessingJobs,
  paginateListTrainingJobs,
  type TrainingJobSummary,
} from "@aws-sdk/client-sagemaker";
import type { Session } from "@rondo/sdk";
import type { JobType } from "./find-job.ts";

/** A job as AWS lists it. */
export type JobSummary = TrainingJobSummary | ProcessingJobSummary;

/** What the summaries of all types say, in the same words. */
export interface JobFacts {
  readonly type: JobType;
  readonly name: string | undefined;
  readonly status: string | undefined;
  readonly created: Date | undefined;
  readonly ended: Date | undefined;
}

export interface JobQuery {
  readonly types: readonly JobType[];
  readonly status: ProcessingJobStatus | undefined;
  readonly pageSize: number;
  readonly signal: AbortSignal;
}

export function factsOf(job: JobSummary): JobFacts {
  const created = job.CreationTime;
  if ("TrainingJobArn" in job) {
    const { TrainingJobName: name, TrainingJobStatus: status, TrainingEndTime: ended } = job;
    return { type: "training", name, status, created, ended };
  }
  const { ProcessingJobName: name, ProcessingJobStatus: status, ProcessingEndTime: ended } = job;
  return { type: "processing", name, status, created, ended };
}

/** Jobs of the given types, the newest first. */
export async function* listJobs(session: Session, query: JobQuery): AsyncGenerator<JobSummary> {
  const lists = query.types.map((type) => LISTS[type](session, query));
  const heads = await Promise.all(lists.map(async (list) => ({ list, next: await list.next() })));
  for (;;) {
    const [newest] = heads.filter(({ next }) => next.done !== true).toSorted((one, other) => age(one) - age(other));
    if (newest === undefined || newest.next.done === true) return;
    yield newest.next.value;
    newest.next = await newest.list.next();
  }
}

function age({ next }: { readonly next: IteratorResult<JobSummary, void> }): number {
  return next.done === true ? 0 : -(next.value.CreationTime?.getTime() ?? 0);
}

const ORDER = { SortBy: "CreationTime", SortOrder: "Descending" } as const;

const LISTS: Record<JobType, (session: Session, query: JobQuery) => AsyncGenerator<JobSummary, void>> = {
  async *training({ sagemaker: client }, { status: StatusEquals, pageSize, signal: abortSignal }) {
    const pages = paginateListTrainingJobs({ client, pageSize }, { StatusEquals, ...ORDER }, { abortSignal });
    for await (const { TrainingJobSummaries = [] } of pages) yield* TrainingJobSummaries;
  },
  async *processing({ sagemaker: client }, { status: StatusEquals, pageSize, signal: abortSignal }) {
    const pages = paginateListProcessingJobs({ client, pageSize }, { StatusEquals, ...ORDER }, { abortSignal });
    for await (const { ProcessingJobSummaries = [] } of pages) yield* ProcessingJobSummaries;
  },
};
