import {
  CreateSolutionCommand,
  CreateSolutionVersionCommand,
  DescribeSolutionCommand,
  DescribeSolutionVersionCommand,
  GetSolutionMetricsCommand,
  paginateListSolutions,
  paginateListSolutionVersions,
} from "@aws-sdk/client-personalize";
import type { ApplicationContext } from "../application-context.ts";
import { findOrCreate } from "./find-or-create.ts";
import { isReady } from "./resource-state.ts";
import { recipeArn, type Solution, solutionName } from "./solutions.ts";

type TrainContext = Pick<ApplicationContext, "personalize" | "settings">;

export interface TrainOptions {
  readonly groupArn: string;
  readonly solution: Solution;
  readonly trainingMode: "FULL" | "UPDATE";
  /** When the run began: a version made since then is this run's, so that a repetition finds it. */
  readonly since: Date;
}

/** The solution in the group, made when it is not there; undefined while it is not ready. Versions come from our schedule, not from Personalize's. */
export async function ensureSolution(
  { personalize, settings }: TrainContext,
  { groupArn, solution }: Pick<TrainOptions, "groupArn" | "solution">,
): Promise<string | undefined> {
  // Names are unique in an account, also between the two groups.
  const inGroup = groupArn.endsWith(JUDGEMENT) ? `-${JUDGEMENT}` : "";
  const name = `${solutionName(settings.recipes, solution)}${inGroup}`;
  const solutionArn = await findOrCreate({
    pages: paginateListSolutions({ client: personalize }, { datasetGroupArn: groupArn }),
    items: (page) => page.solutions,
    isMeant: (each) => each.name === name,
    arn: (each) => each.solutionArn,
    create: async () =>
      (
        await personalize.send(
          new CreateSolutionCommand({
            name,
            datasetGroupArn: groupArn,
            recipeArn: recipeArn(settings.recipes, solution),
            performAutoTraining: false,
          }),
        )
      ).solutionArn,
  });
  const described = await personalize.send(new DescribeSolutionCommand({ solutionArn }));
  return isReady(`The solution ${name}`, described.solution ?? {}) ? solutionArn : undefined;
}

/** How the group in which versions are judged is told from the other one. */
export const JUDGEMENT = "judgement";

/** Starts a version of the solution; undefined while the solution is not ready. */
export async function startVersion(context: TrainContext, options: TrainOptions): Promise<string | undefined> {
  const solutionArn = await ensureSolution(context, options);
  if (solutionArn === undefined) return undefined;
  const { personalize } = context;
  return findOrCreate({
    pages: paginateListSolutionVersions({ client: personalize }, { solutionArn }),
    items: (page) => page.solutionVersions,
    isMeant: ({ creationDateTime }) => creationDateTime !== undefined && creationDateTime >= options.since,
    arn: (version) => version.solutionVersionArn,
    create: async () =>
      (await personalize.send(new CreateSolutionVersionCommand({ solutionArn, trainingMode: options.trainingMode })))
        .solutionVersionArn,
  });
}

/** Whether a version is trained. Throws with Personalize's reason when it has failed. */
export async function isTrained({ personalize }: TrainContext, solutionVersionArn: string): Promise<boolean> {
  const { solutionVersion = {} } = await personalize.send(new DescribeSolutionVersionCommand({ solutionVersionArn }));
  return isReady(`The solution version ${solutionVersionArn}`, solutionVersion);
}

/** GetSolutionMetrics: Personalize's own split, 90 % of the users train, the newest 10 % of the others' events are wanted. */
export async function readMetrics(
  { personalize }: TrainContext,
  solutionVersionArn: string,
): Promise<Record<string, number>> {
  const { metrics } = await personalize.send(new GetSolutionMetricsCommand({ solutionVersionArn }));
  return metrics ?? {};
}
