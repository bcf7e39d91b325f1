import type { ApplicationContext } from "../application-context.ts";
import { deleteFolder, ensureBucket } from "../personalize/data-bucket.ts";
import { ensureDatasetGroup } from "../personalize/dataset-group.ts";
import { ensureRole } from "../personalize/execution-role.ts";
import { exportDatasets } from "../personalize/export-datasets.ts";
import { areImported, startImports } from "../personalize/import-datasets.ts";
import type { Solution } from "../personalize/solutions.ts";
import { isTrained, JUDGEMENT, startVersion } from "../personalize/train-versions.ts";
import { noteVersion } from "./note-version.ts";
import type { StepResult, Target, TargetState, TrainingRun } from "./training-state.ts";

/** The steps up to trained versions, the same in both groups. */
export const PREPARE_STEPS = ["set up", "export", "import", "importing", "train", "training"] as const;

export type PrepareStep = (typeof PREPARE_STEPS)[number];

/** Takes one of the steps for a group. */
export async function prepare(
  context: ApplicationContext,
  run: TrainingRun,
  { target, step }: { readonly target: Target; readonly step: PrepareStep },
): Promise<StepResult> {
  const own = run.state.targets[target];
  const outcome = await STEPS[step](context, run, { target, own });
  const state = { ...run.state, targets: { ...run.state.targets, [target]: { ...own, ...outcome } } };
  return { state, isOver: outcome !== undefined };
}

interface At {
  readonly target: Target;
  readonly own: TargetState;
}

type Step = (context: ApplicationContext, run: TrainingRun, at: At) => Promise<Partial<TargetState> | undefined>;

/** Each gives what it adds to the group's state, or undefined while Personalize is at it. */
const STEPS: Readonly<Record<PrepareStep, Step>> = {
  async "set up"(context, _run, { target }) {
    const { settings } = context;
    const name = target === "production" ? settings.datasetGroup : `${settings.datasetGroup}-${JUDGEMENT}`;
    await ensureBucket(context);
    const roleArn = await ensureRole(context);
    const group = await ensureDatasetGroup(context, name);
    return group && { group, roleArn };
  },
  async export(context, { run_id, state }, { target }) {
    const isProduction = target === "production";
    const exported = await exportDatasets(context, {
      prefix: exportFolder(run_id, target),
      through: isProduction ? undefined : new Date(state.heldOutFrom),
      withEvents: !isProduction,
    });
    return { exported };
  },
  async import(context, { run_id }, { target, own }) {
    const { group, roleArn, exported } = present(own);
    const name = `${run_id.slice(0, 8)}-${target}`;
    return { imports: await startImports(context, { group, roleArn, exported, name }) };
  },
  async importing(context, { run_id }, { target, own }) {
    if (!(await areImported(context, own.imports ?? []))) return undefined;
    await deleteFolder(context, exportFolder(run_id, target));
    return {};
  },
  async train(context, run, { own }) {
    const { group } = present(own);
    const { trainingMode, solutions } = run.state;
    const versions = { ...own.versions };
    for (const solution of solutions) {
      const since = run.started_at;
      const version = await startVersion(context, { groupArn: group.groupArn, solution, trainingMode, since });
      if (version === undefined) return undefined;
      versions[solution] = version;
    }
    return { versions };
  },
  async training(context, run, { target, own }) {
    for (const version of Object.values(own.versions ?? {})) {
      if (!(await isTrained(context, version))) return undefined;
    }
    for (const [solution, version] of Object.entries(own.versions ?? {})) {
      if (target === "production") await noteVersion(context, run, { solution: solution as Solution, version });
    }
    return {};
  },
};

function exportFolder(runId: string, target: Target): string {
  return `exports/${runId}/${target}`;
}

/** What the steps before have made. */
function present({ group, roleArn, exported }: TargetState) {
  if (group === undefined || roleArn === undefined || exported === undefined) {
    throw new Error("A step of the training was taken before the one that it needs.");
  }
  return { group, roleArn, exported };
}
