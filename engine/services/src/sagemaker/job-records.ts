import type { Tag } from "@aws-sdk/client-sagemaker";
import { type NewResource, type Owner, type Resources, type Sql, StoreError } from "@rondo/store";
import { awsError } from "@rondo/wire";
import type { Job, JobBody } from "../jobs/job-run.ts";
import { writeTags } from "./tags.ts";

export interface JobRecordDependencies {
  readonly sql: Sql;
  readonly resources: Resources;
  readonly clock: { now(): Date };
}

/** What the rows and error texts of a kind of job say. */
export interface JobRecordWords<Body extends JobBody> {
  /** As the resource table has it. */
  readonly type: string;
  /** `training job` */
  readonly noun: string;
  notFound(name: string): string;
  taken(arn: string): string;
  /** The body of a job that was asked to stop. */
  stopping(body: Body, at: Date): Body;
}

/** The rows of one kind of job: making, finding, stopping and deleting them, with AWS's errors. */
export function createJobRecords<Body extends JobBody>(
  { sql, resources, clock }: JobRecordDependencies,
  { type, noun, notFound, taken, stopping }: JobRecordWords<Body>,
) {
  /** Throws ResourceInUse for a name that is taken. */
  async function insert(row: NewResource<Body>, tags: readonly Tag[] | undefined): Promise<void> {
    try {
      await sql.transaction(async (transaction) => {
        await writeTags(transaction, await resources.insert(row, transaction), tags);
      });
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "AlreadyExists") throw error;
      throw awsError("ResourceInUse", taken(row.arn));
    }
  }

  /** Throws ValidationException for a job that is not there. */
  async function find(owner: Owner, name: string): Promise<Job<Body>> {
    return requireFound(await resources.find<Body>(owner, type, name), name);
  }

  /** Throws ValidationException for a job that has ended. */
  async function stop(owner: Owner, name: string): Promise<void> {
    await sql.transaction(async (transaction) => {
      const job = requireFound(await resources.findForUpdate<Body>(owner, type, name, transaction), name);
      if (job.status === "Stopping") return;
      if (job.status !== "InProgress") {
        throw awsError(
          "ValidationException",
          `The request was rejected because the ${noun} is in status ${job.status}.`,
        );
      }
      const body = stopping(job.body, clock.now());
      await resources.update(job, { status: "Stopping", body, due: "now" }, transaction);
    });
  }

  /** Throws ResourceInUse for a job that goes on. */
  async function remove(owner: Owner, name: string): Promise<void> {
    await sql.transaction(async (transaction) => {
      const job = requireFound(await resources.findForUpdate<Body>(owner, type, name, transaction), name);
      if (job.status === "InProgress" || job.status === "Stopping") {
        throw awsError(
          "ResourceInUse",
          `The ${noun} ${name} is ${job.status}; only one that has ended can be deleted.`,
        );
      }
      await resources.delete(job, transaction);
    });
  }

  function requireFound(job: Job<Body> | undefined, name: string): Job<Body> {
    if (job === undefined) throw awsError("ValidationException", notFound(name));
    return job;
  }

  return { insert, find, stop, remove };
}
