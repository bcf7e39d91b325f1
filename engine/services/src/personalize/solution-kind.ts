import { createHash } from "node:crypto";
import type { ReconcileContext, ResourceKind } from "@rondo/control";
import type { Resource, ResourcePatch } from "@rondo/store";
import { AwsError } from "@rondo/wire";
import { modelPrefix } from "./model-files.ts";
import { insertPersonalize, listPersonalize, type PersonalizeStore, personalizeType } from "./personalize-resource.ts";
import type { Solution, SolutionBody, SolutionVersionBody } from "./solution-body.ts";
import { nextTraining } from "./solution-schedule.ts";
import { newSolutionVersion } from "./solution-version.ts";
import type { PersonalizeStorage } from "./storage.ts";

/** Where tests kill the server. */
export const solutionCrashPoints = ["solution:version-created"];
export const solutionDeletionCrashPoints = ["solution:models-deleted"];

/** Versions that are deleted in one step. */
const PAGE = 100;

export interface SolutionKindDependencies extends PersonalizeStore {
  readonly clock: { now(): Date };
  readonly storage: Pick<PersonalizeStorage, "deletePrefix">;
}

/** How a solution changes by itself: its schedule makes new versions, and what is being deleted vanishes with its versions. */
export function createSolutionKind(dependencies: SolutionKindDependencies): ResourceKind<SolutionBody> {
  const { resources, clock, storage } = dependencies;

  async function reconcile(solution: Solution, context: ReconcileContext): Promise<ResourcePatch<SolutionBody>> {
    if (solution.status === "DELETE PENDING") return await remove(solution, context);
    const scheduledFor = nextTraining(solution.body, solution.createdAt);
    if (scheduledFor === undefined) return { due: null };
    const now = clock.now();
    if (scheduledFor > now) return { due: scheduledFor };
    if (!(await hasOwnVersion(solution))) await train(solution, scheduledFor);
    context.crashPoint("solution:version-created");
    const body = { ...solution.body, lastScheduledAt: now.toISOString() };
    return { body, due: nextTraining(body, solution.createdAt) ?? null };
  }

  /** Whether the first training by the schedule comes after a version that somebody created. */
  async function hasOwnVersion({ body, accountId, region, name }: Solution): Promise<boolean> {
    if (body.lastScheduledAt !== undefined) return false;
    const type = personalizeType("solution-version");
    const query = {
      accountId,
      region,
      type,
      namePrefix: `${name}/`,
      bodyContains: { trainingType: "MANUAL" },
      limit: 1,
    };
    return (await resources.list(query)).resources.length > 0;
  }

  /** The id is that of the time in the schedule, so that a repetition makes no second version. */
  async function train(solution: Solution, scheduledFor: Date): Promise<void> {
    const id = createHash("sha256").update(`${solution.id} ${scheduledFor.toISOString()}`).digest("hex").slice(0, 12);
    const own = { id, trainingMode: "FULL", trainingType: "AUTOMATIC" } as const;
    const version = newSolutionVersion(solution, own, { accessKeyId: "" }, clock);
    try {
      await insertPersonalize(dependencies, solution, version);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== "ResourceAlreadyExistsException") throw error;
    }
  }

  async function remove(solution: Solution, context: ReconcileContext): Promise<ResourcePatch<SolutionBody>> {
    await storage.deletePrefix(solution, modelPrefix("solution-version", solution.name), context.signal);
    context.crashPoint("solution:models-deleted");
    const query = { bodyContains: { solutionArn: solution.arn }, maxResults: PAGE };
    const page = await listPersonalize<SolutionVersionBody>(resources, solution, "solution-version", query);
    for (const version of page.resources) await resources.delete(version);
    if (page.nextToken !== undefined) return { due: "now" };
    await resources.delete(solution);
    return {};
  }

  return {
    type: personalizeType("solution"),
    reconcile,
    // Only the database and the disk ever hold it up; giving up would end the schedule, or leave a solution half-deleted.
    maxAttempts: Number.POSITIVE_INFINITY,
    giveUp: (solution: Resource<SolutionBody>) => ({ status: solution.status, due: null }),
  };
}
